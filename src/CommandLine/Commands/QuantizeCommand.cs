using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen quantize</c>: quantizes a model's tensors.</summary>
internal sealed class QuantizeCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly Argument<string> _source = new("IN") { Description = "The GGUF file to quantize; of a model in parts, the first." };

    private readonly Argument<string[]> _rest = new("[OUT] TYPE")
    {
        Description = "The file to write (- is standard output; default: ggml-model-TYPE.gguf beside IN), and what it becomes: " + Names(),
        Arity = new ArgumentArity(1, 2),
    };

    private readonly Option<string?> _importance = new("--imatrix")
    {
        Description = "An importance matrix: the mean square of each input of each matrix.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _include = new("--include-weights") { Description = "Use it only for tensors with this in their names; repeatable." };
    private readonly Option<string[]> _exclude = new("--exclude-weights") { Description = "Do not use it for tensors with this in their names; repeatable." };

    private readonly Option<string[]> _tensorType = new("--tensor-type")
    {
        Description = "PATTERN=TYPE: the type of tensors whose names a regular expression matches; repeatable, the first counts.",
    };

    private readonly Option<string?> _typeFile = new("--tensor-type-file") { Description = "A file with such rules, one per line.", HelpName = "FILE" };
    private readonly Option<string?> _outputType = new("--output-tensor-type") { Description = "The type of the output." };
    private readonly Option<string?> _embeddingType = new("--token-embedding-type") { Description = "The type of the token embedding." };
    private readonly Option<bool> _pure = new("--pure") { Description = "No mix: every matrix in the file's usual type." };
    private readonly Option<bool> _leaveOutput = new("--leave-output-tensor") { Description = "Leave the output as it is." };
    private readonly Option<bool> _requantize = new("--allow-requantize") { Description = "Quantize again what is quantized already, which loses more." };
    private readonly Option<bool> _keepSplit = new("--keep-split") { Description = "Write as many parts as IN has, OUT-00001-of-0000N.gguf." };

    private readonly Option<string[]> _overrides = new("--override-kv")
    {
        Description = "KEY=TYPE:VALUE: a key of the new file; TYPE: int, float, bool, str; repeatable.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the type and size of each tensor, and write nothing." };
    private readonly Option<int> _threads = ModelOptions.Threads();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var quantize = new QuantizeCommand(terminal, program);
        var command = new ExampleCommand(
            "quantize",
            "Stores a model's tensors in fewer bits, as llama-quantize does, byte for byte.",
            "quantize model-f16.gguf Q4_K_M",
            "quantize model-f16.gguf model-iq3_xs.gguf IQ3_XS --imatrix model.imatrix.gguf",
            "quantize model-f16.gguf model.gguf Q4_K_M --tensor-type attn_v=q8_0 --output-tensor-type q8_0",
            "quantize model-f16.gguf Q5_K_S --dry-run")
        {
            quantize._source, quantize._rest, quantize._importance, quantize._include, quantize._exclude, quantize._tensorType,
            quantize._typeFile, quantize._outputType, quantize._embeddingType, quantize._pure, quantize._leaveOutput, quantize._requantize,
            quantize._keepSplit, quantize._overrides, quantize._dryRun, quantize._threads,
        };
        command.SetAction(quantize.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_rest)!;
        var type = FileType.TryParse(words[^1], out var found)
            ? found
            : throw new RequestException($"'{words[^1]}' is no file type. Choose one of {Names()}.");
        var input = parsed.GetValue(_source)!;
        var path = words.Length == 2 ? words[0] : Path.Combine(Path.GetDirectoryName(input) ?? "", $"ggml-model-{type.Name}.gguf");
        var options = new QuantizationOptions
        {
            Importance = parsed.GetValue(_importance) is { } file ? ImportanceFilter.Read(file, parsed.GetValue(_include)!, parsed.GetValue(_exclude)!) : null,
            ImportancePath = parsed.GetValue(_importance) ?? "",
            TensorTypes = [.. (parsed.GetValue(_tensorType) ?? []).Concat(Rules(parsed.GetValue(_typeFile))).Select(TensorTypeRule.Parse)],
            OutputType = parsed.GetValue(_outputType) is { } output ? TensorTypeRule.ParseType(output) : null,
            TokenEmbeddingType = parsed.GetValue(_embeddingType) is { } embedding ? TensorTypeRule.ParseType(embedding) : null,
            Pure = parsed.GetValue(_pure),
            LeaveOutput = parsed.GetValue(_leaveOutput),
            AllowRequantize = parsed.GetValue(_requantize),
            Metadata = [.. (parsed.GetValue(_overrides) ?? []).Select(KeyOverride.Parse)],
        };
        using var model = GgufFile.Open(input);
        var plan = QuantizationPlan.Create(model, program.Architectures, type, options);
        foreach (var note in plan.Notes) terminal.Error.WriteLine(note);
        if (parsed.GetValue(_dryRun))
        {
            foreach (var line in QuantizationTable.Tensors(plan)) terminal.Out.WriteLine(line);
            foreach (var line in QuantizationTable.Summary(plan)) terminal.Out.WriteLine(line);
            foreach (var problem in plan.Problems) terminal.Error.WriteLine($"This would be refused: {problem}");
            return Task.FromResult(0);
        }

        var progress = new WriteProgress(terminal, plan.Tensors.Sum(t => t.ByteLength));
        IReadOnlyList<string> files = [];
        if (path != Terminal.Standard)
            files = Quantizer.Write(plan, path, parsed.GetValue(_keepSplit), parsed.GetValue(_threads), progress.Report, cancellation);
        else if (parsed.GetValue(_keepSplit))
            throw new RequestException("--keep-split makes several files, which - cannot hold. Name a file as OUT.");
        else
            terminal.Write(path, stream => Quantizer.Write(plan, stream, progress.Report, cancellation));
        progress.End();
        foreach (var line in QuantizationTable.Summary(plan)) terminal.Error.WriteLine(line);
        terminal.Error.WriteLine(progress.Text($"{plan.Tensors.Count} tensors"));
        foreach (var written in files) terminal.Out.WriteLine(written);
        return Task.FromResult(0);
    }

    private static string Names() => string.Join(", ", FileTypes.All.Select(t => t.Name));

    private static IEnumerable<string> Rules(string? path) => path is null
        ? []
        : InputFile.ReadAllText(path, "rules of types").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
