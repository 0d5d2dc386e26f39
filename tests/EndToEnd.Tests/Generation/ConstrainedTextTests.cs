using ArchGen.Cli;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.EndToEnd.Tests.Generation;

/// <summary>Texts within a constraint, with tokens that must follow, and texts that end at others.</summary>
public sealed class ConstrainedTextTests
{
    private const string Prompt = "Once upon a time";

    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    [Theory]
    [InlineData(SpeculationType.None)]
    [InlineData(SpeculationType.NGram)]
    public void Forced_tokens_come_without_a_choice_and_are_computed(SpeculationType drafts)
    {
        using var model = BuiltIn.Program.Load(Stories);
        var forced = model.Tokenizer.Encode("One day, One day, One day, Lily", addSpecial: false, parseSpecial: false);
        var options = new GenerationOptions
        {
            MaxTokens = 60,
            Sampling = new() { Seed = 1, ProbabilityCount = 1 },
            Speculation = new() { Type = drafts },
        };
        using var generator = new TextGenerator(model, CpuBackend.Exact(), options);
        var prompt = model.Tokenizer.Encode(Prompt, addSpecial: true, parseSpecial: false);
        GeneratedToken[] tokens = [.. generator.Generate(prompt, new Interjection(forced, after: 5, model.Tokenizer.Vocabulary.Count))];
        Assert.Equal(forced, tokens.Skip(5).Take(forced.Length).Select(token => token.Id));
        Assert.All(tokens.Skip(5).Take(forced.Length), token => Assert.Null(token.Probabilities));
        Assert.All(tokens.Skip(5 + forced.Length), token => Assert.NotNull(token.Probabilities));
        Assert.Equal(60, tokens.Length);

        // What follows is what follows such a prompt: the sampler has drawn as often as it has chosen.
        int[] whole = [.. prompt, .. tokens.Select(token => token.Id)];
        var rest = whole[(prompt.Length + 5 + forced.Length)..];
        using var greedy = new TextGenerator(model, CpuBackend.Exact(), options with { Sampling = new() { Temperature = 0 } });
        var expected = greedy.Generate(whole[..^rest.Length]).Select(token => token.Id).Take(20);
        using var constrained = new TextGenerator(model, CpuBackend.Exact(), options with { Sampling = new() { Temperature = 0 } });
        var start = prompt.Concat(tokens.Take(5).Select(token => token.Id)).ToArray();
        var actual = constrained.Generate(start[..^1], new Interjection([start[^1], .. forced], after: 0, model.Tokenizer.Vocabulary.Count));
        Assert.Equal(expected, actual.Select(token => token.Id).Skip(1 + forced.Length).Take(20));
    }

    [Theory]
    [InlineData(SpeculationType.None)]
    [InlineData(SpeculationType.NGram)]
    public void A_stop_text_ends_the_text_before_it(SpeculationType drafts)
    {
        using var model = BuiltIn.Program.Load(Stories);
        var options = new GenerationOptions { MaxTokens = 80, Sampling = new() { Temperature = 0 }, Speculation = new() { Type = drafts } };
        var whole = Text(model, options).Text;
        for (var begin = 10; begin < 60; begin += 7)
        {
            var stop = whole.Substring(begin, 6);
            var expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];
            Assert.Equal((expected, StopReason.StopText), Text(model, options with { StopTexts = ["never", stop] }));
            Assert.Equal((expected + stop, StopReason.StopText), Text(model, options with { StopTexts = [stop], KeepsStopText = true }));
        }
    }

    private static (string Text, StopReason Reason) Text(LoadedModel model, GenerationOptions options)
    {
        using var generator = new TextGenerator(model, CpuBackend.Exact(), options);
        var text = string.Concat(generator.Generate(Prompt).Select(token => token.Text));
        return (text, generator.Statistics.StopReason);
    }

    /// <summary>Allows all tokens, but after some of them certain ones must follow.</summary>
    private sealed class Interjection(int[] forced, int after, int vocabulary) : ITokenConstraint
    {
        private int _count;

        public bool CanEnd => false;

        public void ComputeMask(Span<uint> mask)
        {
            mask.Fill(0);
            var next = _count - after;
            for (var token = 0; token < vocabulary; token++)
            {
                if (next >= 0 && next < forced.Length ? token == forced[next] : token > 2) mask[token / 32] |= 1u << (token % 32);
            }
        }

        public bool TryAccept(int token)
        {
            var next = _count - after;
            if (next >= 0 && next < forced.Length && token != forced[next]) return false;
            _count++;
            return true;
        }

        public int ForcedTokens(Span<int> tokens)
        {
            var next = _count - after;
            if (next < 0 || next >= forced.Length) return 0;
            var count = Math.Min(tokens.Length, forced.Length - next);
            forced.AsSpan(next, count).CopyTo(tokens);
            return count;
        }

        public ITokenConstraint Fork() => new Interjection(forced, after, vocabulary) { _count = _count };
    }
}
