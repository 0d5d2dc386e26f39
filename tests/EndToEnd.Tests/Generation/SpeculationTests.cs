using ArchGen.Cli;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.EndToEnd.Tests.Generation;

/// <summary>Drafts change when tokens come, and not which.</summary>
public sealed class SpeculationTests
{
    private const string Repeating = "Lily and Tom went to the park. Lily and Tom went to the lake. Lily and Tom went to the park. Lily and Tom went";

    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    public static TheoryData<string, SamplerOptions> Samplers => new()
    {
        { "greedy", new() { Temperature = 0 } },
        { "seeded", new() { Seed = 1 } },
        { "likely", new() { Seed = 2, Temperature = 0.3f } },
        { "mirostat", new() { Seed = 3, Mirostat = 2, MirostatTau = 1 } },
        { "penalties", new() { Seed = 4, RepetitionPenalty = 1.1f, DryMultiplier = 0.5f, Temperature = 0.4f } },
        { "xtc", new() { Seed = 5, XtcProbability = 0.5f, Temperature = 0.5f } },
    };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Drafts_from_the_text_keep_its_tokens(string name, SamplerOptions sampling)
    {
        using var model = BuiltIn.Program.Load(Stories);
        var (expected, plain) = Generate(model, sampling, new() { Type = SpeculationType.None });
        Assert.Equal(0, plain.DraftTokens);
        var (actual, drafted) = Generate(model, sampling, new() { Type = SpeculationType.NGram });
        Assert.True(expected.SequenceEqual(actual), name);
        Assert.True(drafted.DraftTokens > 0, name);
        Assert.InRange(drafted.AcceptedTokens, 0, drafted.DraftTokens);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Drafts_are_on_by_default_on_the_processor_and_keep_the_tokens(string name, SamplerOptions sampling)
    {
        using var model = BuiltIn.Program.Load(Stories);
        var (expected, plain) = Generate(model, sampling, new() { Type = SpeculationType.None }, backend: new CpuBackend());
        Assert.Equal(0, plain.DraftTokens);
        var (actual, drafted) = Generate(model, sampling, new(), backend: new CpuBackend());
        Assert.True(expected.SequenceEqual(actual), name);
        Assert.True(drafted.DraftTokens > 0, name);
    }

    [LargeFixtureFact("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void Drafts_change_no_bit_where_activations_are_rounded()
    {
        using var model = BuiltIn.Program.Load(SharedFixtures.FindLarge("models/SmolLM2-135M-Instruct.Q4_1.gguf")!);
        var sampling = new SamplerOptions { Temperature = 0, ProbabilityCount = 2 };
        var (expected, actual) = (Probabilities(SpeculationType.None), Probabilities(SpeculationType.Automatic));
        Assert.Equal(expected, actual);

        List<(int, double)> Probabilities(SpeculationType type)
        {
            using var generator = new TextGenerator(model, new CpuBackend(), new()
            {
                MaxTokens = 60,
                Sampling = sampling,
                Speculation = new() { Type = type },
            });
            List<(int, double)> result = [];
            foreach (var token in generator.Generate(Repeating))
                result.AddRange(token.Probabilities!.Likeliest.Select(other => (other.Token, (double)other.LogProbability)));
            Assert.Equal(type == SpeculationType.Automatic, generator.Statistics.AcceptedTokens > 0);
            return result;
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Drafts_of_any_kind_keep_the_tokens(string name, SamplerOptions sampling)
    {
        using var model = BuiltIn.Program.Load(Stories);
        var (expected, _) = Generate(model, sampling, new() { Type = SpeculationType.None });

        // The model drafts for itself: it is right whenever the sampler takes the likeliest, which costs a step, so that there are few drafts.
        var (actual, figures) = Generate(model, sampling, new() { Type = SpeculationType.Draft, DraftModel = model, MaxDraft = 5 });
        Assert.True(expected.SequenceEqual(actual), name);
        Assert.True(figures.DraftTokens > 0, name);
        if (sampling.Temperature == 0) Assert.Equal(figures.DraftTokens, figures.AcceptedTokens);
    }

    [Fact]
    public void A_context_that_ends_and_a_stop_text_end_in_a_draft_as_without()
    {
        using var model = BuiltIn.Program.Load(Stories);
        var greedy = new SamplerOptions { Temperature = 0 };
        foreach (var length in (int[])[60, 61, 67, 80])
        {
            var (expected, plain) = Generate(model, greedy, new() { Type = SpeculationType.None }, contextLength: length);
            var (actual, drafted) = Generate(model, greedy, new() { Type = SpeculationType.NGram }, contextLength: length);
            Assert.Equal(expected, actual);
            Assert.Equal((StopReason.ContextFull, StopReason.ContextFull), (plain.StopReason, drafted.StopReason));
            Assert.Equal(length + 1, drafted.PromptTokens + drafted.GeneratedTokens);
        }
    }

    [Fact]
    public void A_recurrent_model_says_why_it_does_not_draft()
    {
        using var folder = new TemporaryFolder();
        using var mamba = BuiltIn.Program.Load(ArchitectureFixture.Load("mamba2").WriteGguf(folder.Path));
        Assert.Contains("mamba2 is recurrent", Obstacle(mamba, SpeculationType.NGram));
        Assert.Null(Obstacle(mamba, SpeculationType.Automatic));
        using var stories = BuiltIn.Program.Load(Stories);
        Assert.Null(Obstacle(stories, SpeculationType.NGram));
        Assert.Null(Obstacle(stories, SpeculationType.Automatic));
        Assert.Contains("Name it, or choose n-grams", Assert.Throws<RequestException>(() => Obstacle(stories, SpeculationType.Draft)).Message);
    }

    [Fact]
    public void A_draft_model_needs_the_same_vocabulary()
    {
        using var model = BuiltIn.Program.Load(Stories);
        using var other = BuiltIn.Program.Load(null);
        var error = Assert.Throws<RequestException>(() => Generate(model, new(), new() { Type = SpeculationType.Draft, DraftModel = other }));
        Assert.Contains("drafts need the same vocabulary", error.Message);
    }

    private static string? Obstacle(LoadedModel model, SpeculationType type)
    {
        using var generator = new TextGenerator(model, CpuBackend.Exact(), new() { Speculation = new() { Type = type } });
        return generator.SpeculationObstacle;
    }

    private static (int[] Tokens, GenerationStatistics Figures) Generate(
        LoadedModel model, SamplerOptions sampling, SpeculationOptions speculation, int? contextLength = null, CpuBackend? backend = null)
    {
        using var generator = new TextGenerator(model, backend ?? CpuBackend.Exact(), new GenerationOptions
        {
            MaxTokens = 150,
            ContextLength = contextLength,
            Sampling = sampling,
            Speculation = speculation,
        });
        int[] tokens = [.. generator.Generate(Repeating).Select(token => token.Id)];
        return (tokens, generator.Statistics);
    }
}
