using System.CommandLine;
using System.Text;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen bench</c>: measures the speed of a model in tokens per second.</summary>
internal sealed class BenchCommand(Terminal terminal, ArchgenProgram program)
{
    private static readonly string[] Formats = ["text", "json", "jsonl", "csv", "md"];

    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly Option<int[]> _prompt = List("Tokens of the prompt: 64,128 for two tests; 0 leaves this test out.", 0, 128, "--n-prompt", "-p");
    private readonly Option<int[]> _generation = List("Tokens to generate, a list as well; 0 leaves this test out.", 0, 32, "--n-gen", "-n");
    private readonly Option<int[]> _depth = List("Tokens that the context holds before each test, a list as well.", 0, 0, "--depth", "-d", "--n-depth");
    private readonly Option<int[]> _sequences = List(
        "Sequences at the same time, a list as well; the figure is that of all. From 2 on, a scheduler serves them as it serves many callers.", 1, 1,
        "--parallel", "--batch");

    private readonly Option<int> _repetitions = Count("How often each test runs, after a warm-up.", 5, "--repetitions");
    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F16);
    private readonly Option<string> _tier = ModelOptions.Tier(ModelOptions.Fastest);
    private readonly DeviceOptions _device = new();

    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Also runs each test as often with a clock at every step: "
            + "time, bandwidth and arithmetic by kind of step, against what this machine can do.",
    };

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description = "The format of the report.",
        DefaultValueFactory = _ => "text",
    }.OneOf(Formats);

    private readonly Option<bool> _json = new("--json") { Description = "The same as --format json." };
    private readonly Option<string?> _output = OutputOption.Create("The file to write. Default: standard output.");

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var bench = new BenchCommand(terminal, program);
        var command = new ExampleCommand(
            "bench",
            "Measures tokens per second of prompt and generation: mean and standard deviation.",
            "bench model.gguf",
            "bench model.gguf -p 64,128,512 -n 0,32 -t 2 --format csv -o bench.csv",
            "bench model.gguf -p 0 --depth 4096",
            "bench model.gguf --parallel 1,8",
            "bench model.gguf --profile --format md")
        {
            bench._model.All, bench._prompt, bench._generation, bench._threads, bench._repetitions, bench._batch, bench._cache, bench._depth,
            bench._sequences, bench._tier, bench._profile, bench._format, bench._json, bench._output,
            bench._device.All,
        };
        command.SetAction(bench.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        int[] prompts = parsed.GetValue(_prompt)!, generated = parsed.GetValue(_generation)!, depths = parsed.GetValue(_depth)!;
        var streams = parsed.GetValue(_sequences)!;
        var workers = parsed.GetValue(_threads);
        var kind = parsed.GetValue(_json) ? "json" : parsed.GetValue(_format)!;
        if (parsed.GetValue(_output) is { } file && Formats.Contains(file, StringComparer.Ordinal))
            throw new RequestException($"-o {file}: -o names the file to write. The format is --format {file}; a file of that name is -o ./{file}.");
        if (kind == "csv" && parsed.GetValue(_profile))
            throw new RequestException("--profile has no place in CSV. Choose another --format: text, md, json or jsonl.");
        var length = depths.Max() + Math.Max(1, (Math.Max(prompts.Max(), (long)generated.Max()) + 2) * streams.Max());
        if (length > int.MaxValue)
            throw new RequestException($"The tests need a context of {length} tokens, more than {int.MaxValue}. Measure fewer tokens.");
        var cpu = ModelOptions.Cpu(workers, parsed.GetValue(_tier)!);
        using var loaded = program.Load(_model.PathOrNull(parsed), terminal);
        var backend = _device.Backend(parsed, cpu, parsed.GetValue(_tier)!, terminal, isSmall: _model.PathOrNull(parsed) is null);
        var limits = parsed.GetValue(_profile) ? Limits(backend, workers) : null;
        var cache = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!);
        var suite = new BenchSuite(
            loaded, backend, prompts, generated, parsed.GetValue(_batch), cache, parsed.GetValue(_repetitions), limits is not null, terminal, cancellation);
        var results = (from count in streams from depth in depths from result in suite.Run(count, depth) select result).ToList();
        var tensors = loaded.File.Tensors;
        var report = new BenchReport(
            loaded.File.Name, tensors.Sum(t => t.ByteLength), tensors.Sum(t => t.ElementCount), backend.Name, ModelOptions.Name(cpu.Target), workers, limits,
            results);
        terminal.Write(parsed.GetValue(_output), stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            report.Print(writer, kind);
        });
        return Task.FromResult(0);
    }

    // What computes the layers, or most of them.
    private static MachineLimits Limits(IBackend backend, int threads)
    {
        try
        {
            if (backend is OffloadBackend { Layers: not 0, Devices: [var device, ..] }) return MachineLimits.Measure(device);
        }
        catch (DeviceException)
        {
            // The device is full, or the processor computes since it failed.
        }

        return MachineLimits.Measure(threads);
    }

    private static Option<int[]> List(string description, int least, int defaultValue, string name, params string[] aliases) =>
        new Option<int[]>(name, aliases) { Description = description, DefaultValueFactory = _ => [defaultValue] }.EachWithin(least, int.MaxValue);

    private static Option<int> Count(string description, int defaultValue, string name, params string[] aliases) =>
        new Option<int>(name, aliases) { Description = description, DefaultValueFactory = _ => defaultValue }.Within(1, int.MaxValue);
}
