using System.CommandLine;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Eager;
using ArchGen.Gguf.Safetensors;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;
using ArchGen.Vulkan.Execution;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen compare</c>: finds the first node at which a model and a reference diverge.</summary>
internal sealed class CompareCommand(Terminal terminal, ArchgenProgram program)
{
    private const int Diverges = 1;
    private const string BackendMode = "backend=";

    private readonly Argument<string> _model = new("MODEL") { Description = "A GGUF file." };

    private readonly Argument<string> _reference = new("REFERENCE")
    {
        Description = "A second model file; a mode of the same model: eager, amx, avx512-vnni, avx512, avx2-int16, avx2, "
            + "portable, kv=f32, kv=f16, kv=q8_0, backend=cpu, backend=eager, "
            + "backend=DEVICE; a dump of nodes, NAME.tsv; activations, NAME.safetensors; or logits, NAME.f32.",
    };

    private readonly PromptOptions _prompt = new();

    private readonly Option<double?> _tolerance = new Option<double?>("--tolerance")
    {
        Description = "The largest normalised mean squared error that counts as agreement. Default: 1e-8; for activations 1e-6; for kv=f16 1e-5, kv=q8_0 1e-2.",
    }.Within(0, double.MaxValue);

    private readonly Option<bool> _all = new("--all") { Description = "Print every node that is compared." };

    private readonly Option<string> _backend = new("--backend")
    {
        Description = "What runs the model: the kernels of the processor, cpu; the definitions of the operations, one at a time, eager; or a device.",
        DefaultValueFactory = _ => "cpu",
        HelpName = "cpu|eager|DEVICE",
    };

    private readonly Option<int> _threads = ModelOptions.Threads();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var compare = new CompareCommand(terminal, program);
        var command = new ExampleCommand(
            "compare",
            "Walks a model and a reference in graph order and names the first node that diverges. The exit code is 0 if none does, 1 otherwise.",
            "compare model.gguf eager --tokens 1,2,3",
            "compare model.gguf other.gguf -p \"Hello\" --tolerance 1e-4",
            "compare model.gguf backend=eager --tokens 1,2,3",
            "compare model.gguf kv=q8_0 --tokens-file tokens.json --all",
            "compare model.gguf activations.safetensors --tokens 1,2,3",
            "compare model.gguf logits.f32 --tokens-file tokens.json")
        {
            compare._model, compare._reference, compare._prompt.All, compare._tolerance, compare._all, compare._backend, compare._threads,
        };
        command.SetAction(compare.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var read = _prompt.Required(parsed, terminal);
        using var loaded = program.Load(parsed.GetValue(_model), terminal);
        var ids = read.Tokens(loaded);
        var given = parsed.GetValue(_tolerance);

        ComparisonReport? last = null;
        var largest = 0.0;
        foreach (var report in Reports(loaded, parsed.GetValue(_reference)!, ids, given, parsed.GetValue(_backend)!, parsed.GetValue(_threads), cancellation))
        {
            last = report;
            largest = Math.Max(largest, report.Nodes.Select(n => n.Error).DefaultIfEmpty().Max());
            if (parsed.GetValue(_all)) PrintAll(terminal.Out, report);
            if (report.DescribeFirst() is not { } first) continue;
            terminal.Out.WriteLine(first);
            return Task.FromResult(Diverges);
        }

        var nodes = last!.Nodes.Count == 1 ? "1 node agrees" : $"{last.Nodes.Count} nodes agree";
        terminal.Out.WriteLine($"nothing diverges: {nodes} with {last.Reference} within {Number(last.Tolerance)}, "
            + $"the largest error is {Number(largest)}{last.SkippedInWords}");
        return Task.FromResult(0);
    }

    /// <summary>The comparisons in one batch; and in two, if the prompt has several tokens and the model is not bidirectional.</summary>
    private IEnumerable<ComparisonReport> Reports(
        LoadedModel model, string reference, int[] tokens, double? tolerance, string backend, int threads, CancellationToken cancellation)
    {
        var graphs = ModelGraphs.Of(model, tokens.Length);
        var one = new RunMode { Backend = Backend(backend, threads), Cancellation = cancellation };
        var two = one with { BatchSize = (tokens.Length + 1) / 2 };
        RunMode[] modes = tokens.Length > 1 && !graphs.IsBidirectional ? [one, two] : [one];
        if (reference.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase))
        {
            var dump = NodeDump.Open(reference);
            foreach (var mode in modes) yield return DumpComparison.Compare(Run(mode with { Gelu = dump.Gelu }), dump, tolerance ?? 1e-8);
        }
        else if (reference.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            using var file = SafetensorsFile.Open(reference);
            foreach (var mode in modes) yield return ActivationComparison.Compare(Run(mode), model.Architecture, file, tolerance ?? 1e-6);
        }
        else if (reference.EndsWith(".f32", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var mode in modes) yield return ResultComparison.Compare(Run(mode), reference, tolerance ?? 1e-8);
        }
        else if (reference == "eager")
        {
            var eager = Trace.RunEager(model, graphs, tokens, cancellation);
            foreach (var mode in modes) yield return TraceComparison.Compare(Run(mode), eager, tolerance ?? 1e-8);
        }
        else
        {
            var (change, usual) = Mode(reference, threads);
            using var other = change is null ? OpenOther(model, reference) : null;
            var others = other is null ? graphs : ModelGraphs.Of(other, tokens.Length);
            change ??= mode => mode;
            foreach (var mode in modes) yield return TraceComparison.Compare(Run(mode), Trace.Run(others, tokens, change(mode), reference), tolerance ?? usual);
        }

        Trace Run(RunMode mode) => Trace.Run(graphs, tokens, mode, mode.BatchSize == one.BatchSize ? "in one batch" : "in two batches");
    }

    /// <summary>The change of the run that a mode names, or null if it names none, and the usual tolerance (NMSE).</summary>
    private static (Func<RunMode, RunMode>? Change, double Tolerance) Mode(string reference, int threads) => reference switch
    {
        "amx" or "avx512-vnni" or "avx2-int16" => (mode => mode with { Backend = ModelOptions.Cpu(threads, reference) }, 1e-5),
        "avx512" or "avx2" or "portable" => (mode => mode with { Backend = ModelOptions.Cpu(threads, reference) }, 1e-8),
        "kv=f32" => (mode => mode with { CacheType = CacheType.F32 }, 1e-8),
        "kv=f16" => (mode => mode with { CacheType = CacheType.F16 }, 1e-5),
        "kv=q8_0" => (mode => mode with { CacheType = CacheType.Q8_0 }, 1e-2),
        _ when reference.StartsWith(BackendMode, StringComparison.Ordinal) =>
            (mode => mode with { Backend = Backend(reference[BackendMode.Length..], threads) }, 1e-8),
        _ => (null, 1e-8),
    };

    private static IBackend Backend(string name, int threads) => name switch
    {
        "eager" => new EagerBackend(),
        "cpu" => CpuBackend.Exact(threads),
        _ => new OffloadBackend([new VulkanBackend(DeviceOptions.Find(name)) { Precision = DevicePrecision.Exact }], CpuBackend.Exact(threads))
        {
            Layers = int.MaxValue,
        },
    };

    private LoadedModel OpenOther(LoadedModel model, string path)
    {
        if (!File.Exists(path))
        {
            throw new RequestException($"{path} is {(Directory.Exists(path) ? "a folder" : "neither a file nor a mode")}. "
                + "Give a model, a dump (.tsv), activations (.safetensors), "
                + "logits (.f32), or one of eager, amx, avx512-vnni, avx512, avx2-int16, avx2, portable, kv=f32, kv=f16, kv=q8_0, backend=cpu, backend=eager, "
                + "backend=DEVICE.");
        }

        var other = program.Load(path);
        if (other.Architecture.Name == model.Architecture.Name) return other;
        var name = other.Architecture.Name;
        other.Dispose();
        throw new RequestException($"{path} is a model of {name}, expected one of {model.Architecture.Name}, whose nodes have the same names.");
    }

    private static void PrintAll(TextWriter output, ComparisonReport report)
    {
        output.WriteLine($"{report.Run}, against {report.Reference}");
        var width = report.Nodes.Count == 0 ? 0 : report.Nodes.Max(n => n.Node.Name.Length);
        foreach (var node in report.Nodes)
        {
            var mark = node.Diverges(report.Tolerance) ? "!" : " ";
            var shape = string.Join(", ", node.Dims);
            output.WriteLine($"{mark} {node.Node.Name.PadRight(width)}  {Number(node.Error),-8}  [{shape}]  {node.Node.Source}".TrimEnd());
        }

        output.WriteLine();
    }

    private static string Number(double error) => error.ToString("0.0E+0", CultureInfo.InvariantCulture);
}
