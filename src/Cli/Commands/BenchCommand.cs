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
        var depth = new Option<int>("--depth", "-d") { Description = "Tokens that the context holds before each test.", DefaultValueFactory = _ => 0 };
        var sequences = new Option<int>("--batch", "-b") { Description = "Sequences that generate together; the figure is that of all.", DefaultValueFactory = _ => 1 };
        var tier = ModelOptions.Tier("fastest");
        var json = new Option<bool>("--json") { Description = "Print a JSON array." };
        var command = new ExampleCommand(
            "bench",
            "Measures tokens per second of prompt and generation: mean and standard deviation.",
            "bench model.gguf",
            "bench model.gguf -p 512 -n 64 -t 2 -r 5 --json",
            "bench model.gguf -p 0 --depth 4096",
            "bench model.gguf -p 0 --batch 8")
        {
            model, prompt, generation, threads, repetitions, batch, cache, depth, sequences, tier, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            int promptTokens = parsed.GetValue(prompt), generated = parsed.GetValue(generation), runs = parsed.GetValue(repetitions);
            int before = parsed.GetValue(depth), together = parsed.GetValue(sequences);
            if (promptTokens < 0 || generated < 0 || before < 0 || runs < 1 || together < 1) throw new ArchGenException("-p, -n and -d must be 0 or more, -r and -b 1 or more.");
            using var loaded = ModelOptions.Load(parsed.GetValue(model));
            using var context = loaded.CreateContext(new ContextOptions
            {
                ContextLength = checked(before + Math.Max(1, Math.Max(promptTokens, generated * together))),
                MaxSequences = together,
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Threads = parsed.GetValue(threads),
                Tier = ModelOptions.ParseTier(parsed.GetValue(tier)!),
            });
            var run = new Runner(context, loaded.Model.Vocab, before, together, cancellation);
            var results = new List<Result>();
            var where = before > 0 ? $"@d{before}" : "";
            if (promptTokens > 0) results.Add(Measure($"pp{promptTokens}{where}", promptTokens, runs, run, () => run.Prompt(promptTokens), terminal, cancellation));
            if (generated > 0)
            {
                var test = $"tg{generated}{(together > 1 ? $"x{together}" : "")}{where}";
                results.Add(Measure(test, generated * together, runs, run, () => run.Generate(generated), terminal, cancellation));
            }

            Print(terminal.Out, results, parsed.GetValue(json), parsed.GetValue(threads), loaded.File.Name);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Result Measure(string test, int tokens, int runs, Runner runner, Action run, Terminal terminal, CancellationToken cancellation)
    {
        runner.Reset();
        run();
        var rates = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            runner.Reset();
            var start = Stopwatch.GetTimestamp();
            run();
            rates[i] = tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
            terminal.Progress(test, i + 1, runs);
        }

        var mean = rates.Average();
        return new Result(test, mean, runs < 2 ? 0 : Math.Sqrt(rates.Sum(r => (r - mean) * (r - mean)) / (runs - 1)), runs);
    }

    /// <summary>The tests, on sequences that share what was there before.</summary>
    private sealed class Runner(InferenceContext context, int vocabulary, int depth, int sequences, CancellationToken cancellation)
    {
        private readonly Batch _batch = new();
        private bool _isFilled;

        /// <summary>Brings all sequences back to the depth.</summary>
        public void Reset()
        {
            if (_isFilled && !HasState) context.TruncateSequence(0, depth);
            else Fill();
            for (var s = 1; s < sequences; s++) context.CopySequence(0, s);
            _isFilled = true;
        }

        public void Prompt(int tokens)
        {
            _batch.Clear();
            for (var i = 0; i < tokens; i++) _batch.Add(Token(i), depth + i, sequence: 0, wantOutput: i == tokens - 1);
            context.Evaluate(_batch);
        }

        public void Generate(int tokens)
        {
            for (var i = 0; i < tokens; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                _batch.Clear();
                for (var s = 0; s < sequences; s++) _batch.Add(Token((i * sequences) + s), depth + i, s, wantOutput: true);
                context.Evaluate(_batch);
            }
        }

        // A recurrent model's state cannot go back: its context is filled anew.
        private bool HasState => context.HasStates;

        private void Fill()
        {
            for (var s = 0; s < sequences; s++) context.RemoveSequence(s);
            _batch.Clear();
            for (var i = 0; i < depth; i++) _batch.Add(Token(i), i, sequence: 0, wantOutput: i == depth - 1);
            if (depth > 0) context.Evaluate(_batch);
        }

        // Different tokens, so that a mixture of experts uses different experts.
        private int Token(int i) => (int)((uint)(i + 1) * 2654435761u % (uint)vocabulary);
    }

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
