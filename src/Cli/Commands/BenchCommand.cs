using System.CommandLine;
using System.Text;
using ArchGen.Cli.Options;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Measurement;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen bench</c>: how fast a model runs.</summary>
internal static class BenchCommand
{
    private static readonly string[] Formats = ["text", "json", "jsonl", "csv", "md"];

    public static Command Create(Terminal terminal)
    {
        var model = ModelChoice.OrEmbedded();
        var prompt = List("Tokens of the prompt: 64,128 for two tests; 0 leaves this test out.", 128, "--n-prompt", "-p");
        var generation = List("Tokens to generate, a list as well; 0 leaves this test out.", 32, "--n-gen", "-n");
        var depth = List("Tokens that the context holds before each test, a list as well.", 0, "--depth", "-d", "--n-depth");
        var sequences = Count("Sequences that generate together; the figure is that of all.", 1, "--parallel", "--batch");
        var repetitions = Count("How often each test runs, after a warm-up.", 5, "--repetitions");
        var threads = ModelOptions.Threads();
        var batch = ModelOptions.BatchSize();
        var cache = ModelOptions.CacheTypeOption(CacheType.F16);
        var tier = ModelOptions.Tier("fastest");
        var profile = new Option<bool>("--profile")
        {
            Description = "Also runs each test as often with a clock at every step: time, bandwidth and arithmetic by kind of step, against what this machine can do.",
        };
        var format = new Option<string>("--format") { Description = "How to print it.", DefaultValueFactory = _ => "text" }.OneOf(Formats);
        var json = new Option<bool>("--json") { Description = "The same as --format json." };
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var command = new ExampleCommand(
            "bench",
            "Measures tokens per second of prompt and generation: mean and standard deviation.",
            "bench model.gguf",
            "bench model.gguf -p 64,128,512 -n 0,32 -t 2 --format csv -o bench.csv",
            "bench model.gguf -p 0 --depth 4096",
            "bench model.gguf -p 0 --parallel 8",
            "bench model.gguf --profile --format md")
        {
            model.All, prompt, generation, threads, repetitions, batch, cache, depth, sequences, tier, profile, format, json, output,
        };
        command.SetAction((parsed, cancellation) =>
        {
            int[] prompts = parsed.GetValue(prompt)!, generated = parsed.GetValue(generation)!, depths = parsed.GetValue(depth)!;
            int together = parsed.GetValue(sequences), workers = parsed.GetValue(threads);
            var kind = parsed.GetValue(json) ? "json" : parsed.GetValue(format)!;
            if (parsed.GetValue(output) is { } file && Formats.Contains(file, StringComparer.Ordinal))
                throw new RequestException($"-o {file}: -o names the file to write. The format is --format {file}; a file of that name is -o ./{file}.");
            if (kind == "csv" && parsed.GetValue(profile))
                throw new RequestException("--profile has no place in CSV. Choose another --format: text, md, json or jsonl.");
            var length = depths.Max() + Math.Max(1, Math.Max(prompts.Max(), (long)generated.Max() * together));
            if (length > int.MaxValue)
                throw new RequestException($"The tests need a context of {length} tokens, more than {int.MaxValue}. Measure fewer tokens.");
            var backend = ModelOptions.Cpu(workers, parsed.GetValue(tier)!);
            using var loaded = ModelOptions.Load(model.PathOrNull(parsed), terminal);
            using var context = loaded.CreateContext(new ContextOptions
            {
                ContextLength = (int)length,
                MaxSequences = together,
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Backend = backend,
            });
            var limits = parsed.GetValue(profile) ? MachineLimits.Measure(workers) : null;
            var clock = new BenchClock(context, parsed.GetValue(repetitions), limits is not null, terminal, cancellation);
            var results = new List<BenchResult>();
            foreach (var before in depths)
            {
                var run = new BenchRunner(context, loaded.Model.Vocab, before, together, cancellation);
                var where = before > 0 ? $"@d{before}" : "";
                foreach (var count in prompts.Where(c => c > 0)) results.Add(clock.Measure($"pp{count}{where}", count, run.Reset, () => run.Prompt(count)));
                var all = together > 1 ? $"x{together}" : "";
                foreach (var count in generated.Where(c => c > 0)) results.Add(clock.Measure($"tg{count}{all}{where}", count * together, run.Reset, () => run.Generate(count)));
            }

            var tensors = loaded.File.Tensors;
            var report = new BenchReport(
                loaded.File.Name, tensors.Sum(t => t.ByteLength), tensors.Sum(t => t.ElementCount), ModelOptions.Name(backend.Target), workers, limits, results);
            terminal.Write(parsed.GetValue(output), stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                report.Print(writer, kind);
            });
            return Task.FromResult(0);
        });
        return command;
    }

    private static Option<int[]> List(string description, int otherwise, string name, params string[] aliases) =>
        new Option<int[]>(name, aliases) { Description = description, DefaultValueFactory = _ => [otherwise] }.EachWithin(0, int.MaxValue);

    private static Option<int> Count(string description, int otherwise, string name, params string[] aliases) =>
        new Option<int>(name, aliases) { Description = description, DefaultValueFactory = _ => otherwise }.Within(1, int.MaxValue);
}
