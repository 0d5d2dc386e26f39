using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Benchmarks.Conversations;

/// <summary>Generation with drafts from the text and without, in turn: a text that is copied, and free text.</summary>
internal static class Drafts
{
    private const int Rounds = 3, Count = 200;

    public static void Run(LoadedModel model, string text)
    {
        var tokens = model.Tokenizer.Encode(text, addSpecial: true, parseSpecial: false);
        var part = tokens.AsSpan(0, Math.Min(300, tokens.Length)).ToArray();
        // Twice the text and its beginning: a model of any size goes on with it.
        Compare(model, "copied", [.. part, .. part, .. part[..20]], temperature: 0);
        // At random, since the likeliest tokens of a small model soon repeat themselves.
        Compare(model, "free", tokens[..Math.Min(40, tokens.Length)], temperature: 1);
    }

    private static void Compare(LoadedModel model, string name, int[] prompt, float temperature)
    {
        using var plain = Generator(model, SpeculationType.None, temperature);
        using var drafting = Generator(model, SpeculationType.Automatic, temperature);
        for (var round = 0; round <= Rounds; round++)
        {
            int[] expected = [.. plain.Generate(prompt).Select(token => token.Id)];
            int[] actual = [.. drafting.Generate(prompt).Select(token => token.Id)];
            if (round == 0) continue; // code is compiled
            var (with, without) = (drafting.Statistics, plain.Statistics);
            Console.WriteLine(FormattableString.Invariant(
                $"{name}: {with.TokensPerSecond:F1} tokens/s with drafts, {without.TokensPerSecond:F1} without, ratio ")
                + FormattableString.Invariant($"{with.TokensPerSecond / without.TokensPerSecond:F2}; {with.AcceptedTokens} of {with.DraftTokens} accepted; ")
                + (expected.AsSpan().SequenceEqual(actual) ? "the same tokens" : "OTHER TOKENS"));
        }
    }

    private static TextGenerator Generator(LoadedModel model, SpeculationType type, float temperature) => new(model, new CpuBackend(), new GenerationOptions
    {
        MaxTokens = Count,
        ContextLength = 2048,
        Sampling = new SamplerOptions { Temperature = temperature, Seed = 7, IgnoreEndOfGeneration = true },
        Speculation = new SpeculationOptions { Type = type },
    });
}
