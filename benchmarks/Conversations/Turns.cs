using System.Diagnostics;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Benchmarks.Conversations;

/// <summary>How soon a second turn begins to answer, beside the time of its new tokens in a context that holds all before them.</summary>
internal static class Turns
{
    private const int Answer = 32, Rounds = 3;

    public static async Task RunAsync(LoadedModel model, int tokens, int added)
    {
        var length = tokens + Answer + added + 8;
        Console.WriteLine($"first turn: {tokens} tokens and an answer of {Answer}; second: {added} more");
        using var engine = new InferenceEngine(model, new CpuBackend(), new EngineOptions
        {
            MaxSequences = 1,
            SequenceLength = length,
            Cells = length + (Rounds * (added + 8)),
            CacheType = Runtime.Cache.CacheType.F16,
        });
        using var context = model.CreateContext(new ContextOptions { ContextLength = length, MaxBatch = 512, Backend = new CpuBackend() });
        var first = Tokens(model, tokens, 1);
        var answer = new List<int>();
        var firstSeconds = await TimeAsync(engine, first, Answer, answer);
        int[] history = [.. first, .. answer];
        Batch batch = new();
        Evaluate(context, batch, history, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var question = Tokens(model, added, round + 2);
            var second = await TimeAsync(engine, [.. history, .. question], 1, []);
            // The last token of the answer was chosen and not computed.
            context.TruncateSequence(0, history.Length - 1);
            var start = Stopwatch.GetTimestamp();
            Evaluate(context, batch, [history[^1], .. question], history.Length - 1);
            var alone = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(FormattableString.Invariant(
                $"first turn {firstSeconds:F2} s; second {second * 1000:F0} ms, its tokens alone {alone * 1000:F0} ms, ratio {second / alone:F2}"));
        }

        Console.WriteLine($"{engine.Metrics.CachedTokens} tokens came from the cache");
    }

    private static async Task<double> TimeAsync(InferenceEngine engine, int[] prompt, int count, List<int> answer)
    {
        var start = Stopwatch.GetTimestamp();
        var first = 0.0;
        var sampling = new SamplerOptions { Temperature = 0 };
        using var stream = engine.Submit(new GenerationRequest { Prompt = prompt, MaxTokens = count, WantsText = false, Sampling = sampling });
        await foreach (var next in stream)
        {
            if (first == 0) first = Stopwatch.GetElapsedTime(start).TotalSeconds;
            answer.Add(next.Token);
        }

        return first;
    }

    private static void Evaluate(InferenceContext context, Batch batch, int[] tokens, int position)
    {
        batch.Clear();
        batch.Phase = TokenPhase.Prefill;
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], position + i, sequence: 0, wantOutput: i == tokens.Length - 1);
        context.Evaluate(batch);
    }

    private static int[] Tokens(LoadedModel model, int count, int seed) =>
        [.. Enumerable.Range(1, count).Select(i => (int)((uint)(i + (seed * 7919)) * 2654435761u % (uint)model.Model.Vocab))];
}
