using System.CommandLine;
using ArchGen.Architectures;
using ArchGen.Cli.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen quantize</c>: a model's tensors in fewer bits.</summary>
internal static class QuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("IN") { Description = "The GGUF file to quantize; of a model in parts, the first." };
        var rest = new Argument<string[]>("[OUT] TYPE")
        {
            Description = "The file to write (- is standard output; default: ggml-model-TYPE.gguf beside IN), and what it becomes: " + Names(),
            Arity = new ArgumentArity(1, 2),
        };
        var importance = new Option<string?>("--imatrix") { Description = "An importance matrix: which inputs of each matrix matter.", HelpName = "FILE" };
        var include = new Option<string[]>("--include-weights") { Description = "Use it only for tensors with this in their names; repeatable." };
        var exclude = new Option<string[]>("--exclude-weights") { Description = "Do not use it for tensors with this in their names; repeatable." };
        var tensorType = new Option<string[]>("--tensor-type")
        {
            Description = "PATTERN=TYPE: the type of tensors whose names a regular expression matches; repeatable, the first counts.",
        };
        var typeFile = new Option<string?>("--tensor-type-file") { Description = "A file with such rules, one per line.", HelpName = "FILE" };
        var outputType = new Option<string?>("--output-tensor-type") { Description = "The type of the output." };
        var embeddingType = new Option<string?>("--token-embedding-type") { Description = "The type of the token embedding." };
        var pure = new Option<bool>("--pure") { Description = "No mix: every matrix in the file's usual type." };
        var leaveOutput = new Option<bool>("--leave-output-tensor") { Description = "Leave the output as it is." };
        var requantize = new Option<bool>("--allow-requantize") { Description = "Quantize again what is quantized already, which loses more." };
        var keepSplit = new Option<bool>("--keep-split") { Description = "Write as many parts as IN has, OUT-00001-of-0000N.gguf." };
        var overrides = new Option<string[]>("--override-kv") { Description = "KEY=TYPE:VALUE: a key of the new file; TYPE: int, float, bool, str; repeatable." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the type and size of each tensor, and write nothing." };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "quantize",
            "Stores a model's tensors in fewer bits, as llama-quantize does, byte for byte.",
            "quantize model-f16.gguf Q4_K_M",
            "quantize model-f16.gguf model-iq3_xs.gguf IQ3_XS --imatrix model.imatrix.gguf",
            "quantize model-f16.gguf model.gguf Q4_K_M --tensor-type attn_v=q8_0 --output-tensor-type q8_0",
            "quantize model-f16.gguf Q5_K_S --dry-run")
        {
            source, rest, importance, include, exclude, tensorType, typeFile, outputType, embeddingType, pure, leaveOutput, requantize, keepSplit, overrides,
            dryRun, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var words = parsed.GetValue(rest)!;
            var type = FileType.TryParse(words[^1], out var found)
                ? found
                : throw new RequestException($"'{words[^1]}' is no file type. Choose one of {Names()}.");
            var input = parsed.GetValue(source)!;
            var path = words.Length == 2 ? words[0] : Path.Combine(Path.GetDirectoryName(input) ?? "", $"ggml-model-{type.Name}.gguf");
            var options = new QuantizationOptions
            {
                Importance = parsed.GetValue(importance) is { } file ? ImportanceFilter.Read(file, parsed.GetValue(include)!, parsed.GetValue(exclude)!) : null,
                ImportancePath = parsed.GetValue(importance) ?? "",
                TensorTypes = [.. (parsed.GetValue(tensorType) ?? []).Concat(Rules(parsed.GetValue(typeFile))).Select(TensorTypeRule.Parse)],
                OutputType = parsed.GetValue(outputType) is { } output ? TensorTypeRule.ParseType(output) : null,
                TokenEmbeddingType = parsed.GetValue(embeddingType) is { } embedding ? TensorTypeRule.ParseType(embedding) : null,
                Pure = parsed.GetValue(pure),
                LeaveOutput = parsed.GetValue(leaveOutput),
                AllowRequantize = parsed.GetValue(requantize),
                Metadata = [.. (parsed.GetValue(overrides) ?? []).Select(KeyOverride.Parse)],
            };
            using var model = GgufFile.Open(input);
            var plan = QuantizationPlan.Create(model, Catalog.All, type, options);
            foreach (var note in plan.Notes) terminal.Error.WriteLine(note);
            if (parsed.GetValue(dryRun))
            {
                foreach (var line in QuantizationTable.Tensors(plan)) terminal.Out.WriteLine(line);
                foreach (var line in QuantizationTable.Summary(plan)) terminal.Out.WriteLine(line);
                foreach (var problem in plan.Problems) terminal.Error.WriteLine($"This would be refused: {problem}");
                return Task.FromResult(0);
            }

            var progress = new WriteProgress(terminal, plan.Tensors.Sum(t => t.ByteLength));
            IReadOnlyList<string> files = [];
            if (path != Terminal.Standard)
                files = Quantizer.Write(plan, path, parsed.GetValue(keepSplit), parsed.GetValue(threads), progress.Report, cancellation);
            else if (parsed.GetValue(keepSplit))
                throw new RequestException("--keep-split makes several files, which - has no place for. Name a file as OUT.");
            else
                terminal.Write(path, stream => Quantizer.Write(plan, stream, progress.Report, cancellation));
            progress.End();
            foreach (var line in QuantizationTable.Summary(plan)) terminal.Error.WriteLine(line);
            terminal.Error.WriteLine(progress.Text($"{plan.Tensors.Count} tensors"));
            foreach (var written in files) terminal.Out.WriteLine(written);
            return Task.FromResult(0);
        });
        return command;
    }

    private static string Names() => string.Join(", ", FileTypes.All.Select(t => t.Name));

    private static IEnumerable<string> Rules(string? path) => path is null
        ? []
        : InputFile.ReadAllText(path, "rules of types").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
