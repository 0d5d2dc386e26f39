using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Generation;
using ArchGen.Runtime;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen bench</c>: how fast a model runs.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelOptions.Model();
        var prompt = new Option<int>("--n-prompt", "-p") { Description = "Tokens of the prompt; 0 leaves this test out.", DefaultValueFactory = _ => 128 };
        var generation = new Option<int>("--n-gen", "-n") { Description = "Tokens to generate; 0 leaves this test out.", DefaultValueFactory = _ => 32 };
        var threads = ModelOptions.Threads();
        var repetitions = new Option<int>("--repetitions", "-r") { Description = "How often each test runs, after a warm-up.", DefaultValueFactory = _ => 5 };
        var batch = ModelOptions.BatchSize();
        var cache = ModelOptions.CacheTypeOption(CacheType.F16);
        var tier = ModelOptions.Tier("fastest");
        var json = new Option<bool>("--json") { Description = "Print a JSON array." };
        var command = new ExampleCommand(
            "bench",
            "Measures tokens per second of prompt and generation: mean and standard deviation.",
            "bench model.gguf",
            "bench model.gguf -p 512 -n 64 -t 2 -r 5 --json")
        {
            model, prompt, generation, threads, repetitions, batch, cache, tier, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            int promptTokens = parsed.GetValue(prompt), generated = parsed.GetValue(generation), runs = parsed.GetValue(repetitions);
            if (promptTokens < 0 || generated < 0 || runs < 1) throw new ArchGenException("-p and -n must be 0 or more, -r 1 or more.");
            using var loaded = ModelOptions.Load(parsed.GetValue(model));
            using var context = loaded.CreateContext(new ContextOptions
            {
                ContextLength = Math.Max(1, Math.Max(promptTokens, generated)),
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Threads = parsed.GetValue(threads),
                Tier = ModelOptions.ParseTier(parsed.GetValue(tier)!),
            });
            var results = new List<Result>();
            if (promptTokens > 0) results.Add(Measure($"pp{promptTokens}", promptTokens, runs, () => Prompt(context, loaded.Model.Vocab, promptTokens), terminal, cancellation));
            if (generated > 0) results.Add(Measure($"tg{generated}", generated, runs, () => Generate(context, loaded.Model.Vocab, generated, cancellation), terminal, cancellation));
            Print(terminal.Out, results, parsed.GetValue(json), parsed.GetValue(threads), loaded.File.Name);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Result Measure(string test, int tokens, int runs, Action run, Terminal terminal, CancellationToken cancellation)
    {
        run();
        var rates = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            run();
            rates[i] = tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
            terminal.Progress(test, i + 1, runs);
        }

        var mean = rates.Average();
        return new Result(test, mean, runs < 2 ? 0 : Math.Sqrt(rates.Sum(r => (r - mean) * (r - mean)) / (runs - 1)), runs);
    }

    private static void Prompt(InferenceContext context, int vocabulary, int tokens)
    {
        context.RemoveSequence(0);
        var batch = new Batch();
        for (var i = 0; i < tokens; i++) batch.Add(Token(i, vocabulary), i, sequence: 0, wantOutput: i == tokens - 1);
        context.Evaluate(batch);
    }

    private static void Generate(InferenceContext context, int vocabulary, int tokens, CancellationToken cancellation)
    {
        context.RemoveSequence(0);
        var batch = new Batch();
        for (var i = 0; i < tokens; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Clear();
            batch.Add(Token(i, vocabulary), i, sequence: 0, wantOutput: true);
            context.Evaluate(batch);
        }
    }

    // Different tokens, so that a mixture of experts uses different experts.
    private static int Token(int i, int vocabulary) => (int)((uint)(i + 1) * 2654435761u % (uint)vocabulary);

    private static void Print(TextWriter output, List<Result> results, bool json, int threads, string file)
    {
        if (!json)
        {
            output.WriteLine($"{file}, {threads} threads");
            foreach (var r in results) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Test,-8} {r.TokensPerSecond,10:F2} +- {r.Deviation:F2} tokens/s"));
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var r in results)
            {
                writer.WriteStartObject();
                writer.WriteString("test", r.Test);
                writer.WriteNumber("tokens_per_second", Math.Round(r.TokensPerSecond, 4));
                writer.WriteNumber("stddev", Math.Round(r.Deviation, 4));
                writer.WriteNumber("repetitions", r.Runs);
                writer.WriteNumber("threads", threads);
                writer.WriteString("model", file);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed record Result(string Test, double TokensPerSecond, double Deviation, int Runs);
}
