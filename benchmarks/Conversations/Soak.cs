using System.Globalization;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Benchmarks.Conversations;

/// <summary>Anonymous memory of the process while eight callers ask, read, leave early and cancel (Linux).</summary>
internal static class Soak
{
    private const int Callers = 8;

    public static async Task RunAsync(LoadedModel model, int requests)
    {
        using var engine = new InferenceEngine(model, new CpuBackend(), new EngineOptions { SequenceLength = 256, Cells = 2048 });
        var prompts = Enumerable.Range(0, 50).Select(i => model.Tokenizer.Encode($"Once upon a time there were {i} cats", addSpecial: true, false)).ToArray();
        var sampling = new SamplerOptions { Seed = 1, IgnoreEndOfGeneration = true };
        Console.WriteLine("requests  RssAnon MB  VmSwap MB  managed MB");
        Print(0);
        for (var done = 0; done < requests;)
        {
            var count = Math.Min(requests / 10, requests - done);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(caller, done, count)));
            done += count;
            Print(done);
        }

        Console.WriteLine($"finished {engine.Metrics.FinishedAnswers}, cancelled {engine.Metrics.CancelledAnswers}, failed {engine.Metrics.FailedAnswers}; "
            + $"cells used by answers now: {engine.Metrics.UsedCells}");

        async Task CallAsync(int caller, int first, int count)
        {
            for (var i = first + caller; i < first + count; i += Callers)
            {
                using var stream = engine.Submit(new GenerationRequest { Prompt = prompts[i * 31 % 50], MaxTokens = 1 + (i * 7 % 30), Sampling = sampling });
                var read = 0;
                try
                {
                    await foreach (var _ in stream)
                    {
                        if (i % 10 == 0 && ++read == 3) break;
                        if (i % 10 == 5) stream.Cancel();
                    }
                }
                catch (OperationCanceledException)
                {
                    // As it was asked for.
                }
            }
        }
    }

    private static void Print(int requests)
    {
        var status = File.ReadLines("/proc/self/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        var (anonymous, swapped) = (Megabytes(status["RssAnon"]), Megabytes(status["VmSwap"]));
        var managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requests,8}  {anonymous,10:F1}  {swapped,9:F1}  {managed,10:F1}"));
    }

    private static double Megabytes(string kilobytes) => double.Parse(kilobytes.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6;
}
