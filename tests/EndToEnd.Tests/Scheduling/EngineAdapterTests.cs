using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.EndToEnd.Tests.Adapters;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.EndToEnd.Tests.Scheduling;

/// <summary>Requests with different adapters in one engine.</summary>
public sealed class EngineAdapterTests
{
    [Fact]
    public async Task Each_answer_is_that_of_an_engine_with_its_adapters_alone()
    {
        using var adapted = new Adapted("lora-qwen2");
        using var model = LoadedModel.Open(adapted.Model, Catalog.All);
        using var lora = LoraAdapter.Open(adapted.Convert(), 1, model);
        using var half = LoraAdapter.Open(adapted.Convert(), 0.5f, model);
        IReadOnlyList<LoraAdapter>[] sets = [[], [lora], [half]];
        var expected = new int[sets.Length][];
        for (var set = 0; set < sets.Length; set++)
        {
            using var alone = new InferenceEngine(model, new CpuBackend { Threads = 1 }, new() { Adapters = sets[set] });
            expected[set] = await Answer(alone, adapted.Tokens, 0);
        }

        Assert.Equal(3, expected.Select(answer => string.Join(' ', answer)).Distinct().Count());
        using var engine = new InferenceEngine(model, new CpuBackend { Threads = 1 }, new() { AdapterSets = [sets[1], sets[2]] });
        var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => Answer(engine, adapted.Tokens, i % 3)));
        for (var i = 0; i < answers.Length; i++) Assert.Equal(expected[i % 3], answers[i]);
        Assert.Throws<RequestException>(() => engine.Submit(Request(adapted.Tokens, 3)));
    }

    [Fact]
    public async Task How_likely_tokens_were_is_reported_when_it_is_requested()
    {
        using var adapted = new Adapted("lora-qwen2");
        using var model = LoadedModel.Open(adapted.Model, Catalog.All);
        using var engine = new InferenceEngine(model, new CpuBackend { Threads = 1 });
        var request = Request(adapted.Tokens, 0);
        await foreach (var next in engine.Submit(request)) Assert.Null(next.Probabilities);
        await foreach (var next in engine.Submit(request with { Sampling = new() { Temperature = 0, ProbabilityCount = 3 } }))
        {
            var probabilities = next.Probabilities!;
            Assert.Equal((next.Token, 3), (probabilities.Chosen.Token, probabilities.Likeliest.Count));
            Assert.Equal(probabilities.Likeliest[0], probabilities.Chosen);
            Assert.True(probabilities.Chosen.LogProbability < 0);
        }
    }

    private static GenerationRequest Request(int[] prompt, int set) =>
        new() { Prompt = prompt, MaxTokens = 24, AdapterSet = set, WantsText = false, Sampling = new SamplerOptions { Temperature = 0 } };

    private static async Task<int[]> Answer(InferenceEngine engine, int[] prompt, int set)
    {
        var tokens = new List<int>();
        await foreach (var next in engine.Submit(Request(prompt, set))) tokens.Add(next.Token);
        return [.. tokens];
    }
}
