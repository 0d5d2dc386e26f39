using System.CommandLine;
using System.Diagnostics;
using ArchGen.Measurement;
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
        var profile = new Option<bool>("--profile")
        {
            Description = "Also runs each test as often with a clock at every step: time, bandwidth and arithmetic by kind of step, against what this machine can do.",
        };
        var format = new Option<string>("--format", "--output", "-o") { Description = "How to print it.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "md");
        var json = new Option<bool>("--json") { Description = "The same as --format json." };
        var command = new ExampleCommand(
            "bench",
            "Measures tokens per second of prompt and generation: mean and standard deviation.",
            "bench model.gguf",
            "bench model.gguf -p 512 -n 64 -t 2 -r 5 --format json",
            "bench model.gguf -p 0 --depth 4096",
            "bench model.gguf -p 0 --batch 8",
            "bench model.gguf --profile",
            "bench model.gguf --profile -o md > bench.md")
        {
            model, prompt, generation, threads, repetitions, batch, cache, depth, sequences, tier, profile, format, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            int promptTokens = parsed.GetValue(prompt), generated = parsed.GetValue(generation), runs = parsed.GetValue(repetitions);
            int before = parsed.GetValue(depth), together = parsed.GetValue(sequences), workers = parsed.GetValue(threads);
            if (promptTokens < 0 || generated < 0 || before < 0 || runs < 1 || together < 1) throw new ArchGenException("-p, -n and -d must be 0 or more, -r and -b 1 or more.");
            var instructions = ModelOptions.ParseTier(parsed.GetValue(tier)!);
            using var loaded = ModelOptions.Load(parsed.GetValue(model), terminal);
            using var context = loaded.CreateContext(new ContextOptions
            {
                ContextLength = checked(before + Math.Max(1, Math.Max(promptTokens, generated * together))),
                MaxSequences = together,
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Threads = workers,
                Tier = instructions,
            });
            var limits = parsed.GetValue(profile) ? MachineLimits.Measure(workers) : null;
            var run = new BenchRunner(context, loaded.Model.Vocab, before, together, cancellation);
            var results = new List<BenchResult>();
            var where = before > 0 ? $"@d{before}" : "";
            if (promptTokens > 0) Measure($"pp{promptTokens}{where}", promptTokens, () => run.Prompt(promptTokens));
            if (generated > 0) Measure($"tg{generated}{(together > 1 ? $"x{together}" : "")}{where}", generated * together, () => run.Generate(generated));

            var tensors = loaded.File.Tensors;
            var report = new BenchReport(
                loaded.File.Name, tensors.Sum(t => t.ByteLength), tensors.Sum(t => t.ElementCount), ModelOptions.Name(instructions), workers, limits, results);
            report.Print(terminal.Out, parsed.GetValue(json) ? "json" : parsed.GetValue(format)!);
            return Task.FromResult(0);

            void Measure(string test, int tokens, Action action)
            {
                run.Reset();
                action();
                var seconds = Times(test, action);
                var rates = Array.ConvertAll(seconds, s => tokens / s);
                var mean = rates.Average();
                var deviation = runs < 2 ? 0 : Math.Sqrt(rates.Sum(r => (r - mean) * (r - mean)) / (runs - 1));
                results.Add(new BenchResult(test, mean, deviation, runs, limits is null ? null : Profiled(test, action)));
            }

            // With runs of their own, so that the figures are those of a context that nobody watches.
            Profile Profiled(string test, Action action)
            {
                var profiler = new Profiler();
                run.Reset();
                Watched();
                profiler.Reset();
                Times($"{test}, profile", Watched);
                return profiler.Result(runs);

                void Watched()
                {
                    context.Profiler = profiler;
                    action();
                    context.Profiler = null;
                }
            }

            double[] Times(string test, Action action)
            {
                var seconds = new double[runs];
                for (var i = 0; i < runs; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    run.Reset();
                    var start = Stopwatch.GetTimestamp();
                    action();
                    seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                    terminal.Progress(test, i + 1, runs);
                }

                return seconds;
            }
        });
        return command;
    }
}
