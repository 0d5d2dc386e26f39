using System.CommandLine;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen dump</c>: every value of a forward pass as it is computed.</summary>
internal static class DumpCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var model = ModelChoice.File();
        var prompt = new PromptOptions();
        var node = new Option<string>("--node") { Description = "Only nodes whose name matches; * matches anything.", DefaultValueFactory = _ => "*" };
        var eager = new Option<bool>("--eager") { Description = "Run Forward as it is written." };
        var threads = ModelOptions.Threads();
        var device = new DeviceOptions(isAutomatic: false);
        var command = new ExampleCommand(
            "dump",
            "Prints a line for each node as it is computed: name, operation, shape, sum, norm, first, second and last value, with tabs between.",
            "dump model.gguf -p \"Hello\"",
            "dump model.gguf --tokens 1,2,3 --node \"blk.0.*\"")
        {
            model.All, prompt.All, node, eager, threads, device.All,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = model.Path(parsed);
            var read = prompt.Required(parsed, terminal);
            using var loaded = program.Load(path, terminal);
            var ids = read.Tokens(loaded);
            var pattern = parsed.GetValue(node)!;
            terminal.Out.WriteLine("name\top\tshape\tsum\tnorm\tfirst,second,last");
            if (parsed.GetValue(eager))
                loaded.Model.Evaluate(loaded.Source, ids, (name, op, values) => Print(name, op, values.Dims, values.Values), cancellation: cancellation);
            else
                Run(loaded, ids, Backend(), (n, values, rows) => Print(n.Name, n.Op, Dims(n, rows), values), cancellation);
            return Task.FromResult(0);

            IBackend Backend() => device.Backend(parsed, CpuBackend.Exact(parsed.GetValue(threads)), ModelOptions.Exact, terminal);

            void Print(string name, Op op, int[] dims, ReadOnlySpan<float> values)
            {
                if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                    terminal.Out.WriteLine(Line(name, op, dims, values));
            }
        });
        return command;
    }

    private static string Line(string name, Op op, int[] dims, ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        float[] samples = values.Length == 0 ? [] : [values[0], values[Math.Min(1, values.Length - 1)], values[^1]];
        var figures = string.Join(',', samples.Select(v => v.ToString("G9", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}\t{OpTable.Of(op).Word}\t[{string.Join(", ", dims)}]\t{sum:G9}\t{Math.Sqrt(squares):G9}\t{figures}");
    }

    private static void Run(LoadedModel loaded, int[] ids, IBackend backend, NodeObserver observer, CancellationToken cancellation)
    {
        var options = new ContextOptions { Backend = backend, ContextLength = ids.Length, MaxBatch = ids.Length, CacheType = CacheType.F32 };
        using var context = loaded.CreateContext(options, observer);
        if (loaded.EncoderGraph is not null) context.SetEncoded(loaded.Encode(ids, options, observer, cancellation), ids.Length, cancellation);
        var batch = new Batch();
        for (var i = 0; i < ids.Length; i++) batch.Add(ids[i], i, sequence: 0, wantOutput: true);
        context.Evaluate(batch, cancellation);
    }

    private static int[] Dims(Graphs.Node node, int rows) => [.. node.Shape.Select(d => (int)(d.Evaluate(_ => rows) ?? 0))];
}
