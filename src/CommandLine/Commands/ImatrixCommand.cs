using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen imatrix</c>: computes an importance matrix from a text, for quantization.</summary>
internal sealed class ImatrixCommand(Terminal terminal, ArchgenProgram program)
{
    private const string DefaultOutput = "imatrix.gguf";

    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly Option<string?> _text = TextOptions.File();
    private readonly Option<string?> _output = OutputOption.Create("The file to write: GGUF, as llama.cpp reads it. Default: imatrix.gguf.");
    private readonly Option<int> _context = TextOptions.ChunkLength();
    private readonly Option<int> _chunks = TextOptions.Chunks();

    private readonly Option<int> _from = new Option<int>("--from-chunk", "--chunk")
    {
        Description = "Chunks to leave out at the beginning.",
        DefaultValueFactory = _ => 0,
    }.Within(0, int.MaxValue);

    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly DeviceOptions _device = new(isAutomatic: false);

    private readonly Option<string[]> _inFiles = new("--in-file")
    {
        Description = "An importance matrix to add, GGUF or .dat; repeatable. Without --file, these alone are combined.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _processOutput = new("--process-output")
    {
        Description = "Also for the matrix that makes the logits, which is better quantized without.",
    };

    private readonly Option<bool> _parseSpecial = TextOptions.ParseSpecial();

    private readonly Option<int> _save = new Option<int>("--save-frequency")
    {
        Description = "Write OUTPUT.at_N each time after this number of chunks; 0 for never.",
        DefaultValueFactory = _ => 0,
    }.Within(0, int.MaxValue);

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var imatrix = new ImatrixCommand(terminal, program);
        var command = new ExampleCommand(
            "imatrix",
            "Computes an importance matrix: for each weight tensor the mean square of its inputs, column by column, over a text. "
                + "'archgen quantize --imatrix' preserves what matters most.",
            "imatrix model-f16.gguf -f calibration.txt -o model.imatrix.gguf",
            "imatrix --in-file a.gguf --in-file b.dat -o both.gguf")
        {
            imatrix._model.All, imatrix._text, imatrix._output, imatrix._context, imatrix._chunks, imatrix._from, imatrix._batch,
            imatrix._threads, imatrix._inFiles, imatrix._processOutput, imatrix._parseSpecial, imatrix._save,
            imatrix._device.All,
        };
        command.SetAction(imatrix.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var (path, length, target) = (parsed.GetValue(_text), parsed.GetValue(_context), parsed.GetValue(_output) ?? DefaultOutput);
        var (every, skipped) = (parsed.GetValue(_save), parsed.GetValue(_from));
        if (every > 0 && target == Terminal.Standard)
            throw new RequestException("--save-frequency writes files beside the output, which - cannot have. Name a file with -o.");
        ImportanceMatrix[] earlier = [.. (parsed.GetValue(_inFiles) ?? []).Select(ImportanceMatrix.Read)];
        if (path is null)
        {
            if (earlier.Length == 0)
                throw new RequestException("There is nothing to compute from. Name a text with --file FILE, or matrices to combine with --in-file FILE.");
            terminal.Write(target, Combine([]).WriteTo);
            return Task.FromResult(0);
        }

        using var loaded = program.Load(_model.PathOrNull(parsed), terminal);
        TextOptions.ChunkLength(length, loaded, terminal);
        var limit = TextOptions.Limit(parsed.GetValue(_chunks));
        var chunked = ChunkedText.Create(loaded.Tokenizer, TextOptions.Read(path, terminal), length, limit, parsed.GetValue(_parseSpecial), skipped);
        var options = new EvaluationOptions
        {
            BatchSize = parsed.GetValue(_batch),
            Backend = _device.Backend(parsed, CpuBackend.Exact(parsed.GetValue(_threads)), ModelOptions.Exact, terminal),
            Threads = parsed.GetValue(_threads),
        };
        terminal.Write(target, stream =>
        {
            var collector = new ImportanceCollector(loaded, options, parsed.GetValue(_processOutput));
            var progress = new ChunkProgress(terminal, length, chunked.Chunks);
            var saved = 0;
            collector.Run(chunked, chunk =>
            {
                progress.Show(chunk, "");
                if (every == 0 || chunk / every == saved) return;
                saved = chunk / every;
                OutputFile.Write($"{target}.at_{chunk}", Combine([collector.ToMatrix([path])]).WriteTo);
            }, cancellation);
            progress.End();
            var matrix = Combine([collector.ToMatrix([path])]);
            matrix.WriteTo(stream);
            Report(matrix, loaded, terminal.Error);
        });
        return Task.FromResult(0);

        ImportanceMatrix Combine(ImportanceMatrix[] collected) =>
            earlier.Length == 0 && collected.Length == 1 ? collected[0] : ImportanceMatrix.Combine([.. earlier, .. collected], length);
    }

    private static void Report(ImportanceMatrix matrix, LoadedModel model, TextWriter output)
    {
        var coverage = ImportanceCoverage.Of(matrix, model);
        output.WriteLine($"{matrix.Entries.Count} tensors, {matrix.Chunks} chunks of {matrix.ChunkSize} tokens.");
        foreach (var (tensor, reason) in coverage.Missing)
            output.WriteLine($"not covered: {tensor}, {reason}{(reason == ImportanceCoverage.MakesLogits ? " (--process-output)" : "")}.");
        // The products of a layer share their choice of experts.
        foreach (var stacks in coverage.Starved.GroupBy(s => string.Join(", ", s.Experts)))
        {
            output.WriteLine($"no token came to {stacks.First().Experts.Count} of {stacks.First().Of} experts of "
                + $"{string.Join(", ", stacks.Select(s => s.Tensor))}: {stacks.Key}. Use a longer text.");
        }
    }
}
