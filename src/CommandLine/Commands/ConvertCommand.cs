using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Quantization;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen convert</c>: converts a Hugging Face checkpoint to a GGUF file.</summary>
internal sealed class ConvertCommand(Terminal terminal, ArchgenProgram program)
{
    private const string Auto = "auto";

    private readonly Argument<string> _folder = new("DIR") { Description = "A checkpoint folder: config.json, tokenizer, weights." };
    private readonly Option<string?> _outfile = OutputOption.Create("The file to write. Default: DIR/NAME-TYPE.gguf.");
    private readonly Option<string> _type = TypeOption();
    private readonly Option<bool> _vocabOnly = new("--vocab-only") { Description = "Write keys and vocabulary, no tensors; the folder needs no weights." };

    private readonly Option<string?> _metadata = new("--metadata")
    {
        Description = "A JSON file with an object of further keys, or other values.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _name = new("--model-name") { Description = "The model's name in the file. Default: the folder's." };
    private readonly Option<string?> _split = new("--split-max-size") { Description = "Write several files of at most this size: 500M, 2G." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be done with each tensor, and write nothing." };

    private readonly Option<string[]> _ignore = new("--ignore-config")
    {
        Description = "A key of config.json to leave alone although nobody knows it; repeatable.",
    };

    private readonly Option<string?> _pre = new("--pre") { Description = "The pre-tokenizer's name (tokenizer.ggml.pre), where its structure is not known." };
    private readonly Option<bool> _embed = new("--embed-tokenizer") { Description = "Write tokenizer.json into the file as a whole, too." };
    private readonly Option<int> _threads = ModelOptions.Threads();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var convert = new ConvertCommand(terminal, program);
        var command = new ExampleCommand(
            "convert",
            "Converts a Hugging Face checkpoint to GGUF, as the architecture's declaration says.",
            "convert ./Llama-3.2-1B",
            "convert ./Qwen3-0.6B --outtype q8_0 --outfile qwen3-q8_0.gguf",
            "convert ./gpt2 --dry-run")
        {
            convert._folder, convert._outfile, convert._type, convert._vocabOnly, convert._metadata, convert._name, convert._split,
            convert._dryRun, convert._ignore, convert._pre, convert._embed, convert._threads,
        };
        command.SetAction(convert.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var isVocabulary = parsed.GetValue(_vocabOnly);
        using var checkpoint = isVocabulary ? Checkpoint.OpenWithoutWeights(parsed.GetValue(_folder)!) : Checkpoint.Open(parsed.GetValue(_folder)!);
        var plan = ConversionPlan.Create(checkpoint, program.Architectures, new ConversionOptions
        {
            Type = ParseType(parsed.GetValue(_type)!),
            VocabOnly = isVocabulary,
            ModelName = parsed.GetValue(_name),
            IgnoredConfig = parsed.GetValue(_ignore) ?? [],
            Pre = parsed.GetValue(_pre),
            EmbedTokenizer = parsed.GetValue(_embed),
            Metadata = parsed.GetValue(_metadata) is { } file ? MetadataFile.Read(file) : [],
        });
        foreach (var line in plan.Log) terminal.Error.WriteLine(line);
        foreach (var (tensor, reason) in plan.Unused) terminal.Error.WriteLine($"{tensor} is left out: {reason}.");
        if (parsed.GetValue(_dryRun))
        {
            foreach (var line in ConversionTable.Lines(plan.Tensors)) terminal.Out.WriteLine(line);
            return Task.FromResult(0);
        }

        var path = parsed.GetValue(_outfile) ?? DefaultPath(checkpoint.Folder, plan);
        if (Directory.Exists(path)) throw new RequestException($"{path} is a folder, expected the name of a file to write.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
            throw new RequestException($"{path}: the folder {parent} does not exist. Make it, or choose another name.");
        Write(plan, path, ByteSize.Parse(parsed.GetValue(_split), "--split-max-size"), parsed.GetValue(_threads), cancellation);
        return Task.FromResult(0);
    }

    /// <summary>The option that names the type of matrices.</summary>
    private static Option<string> TypeOption() =>
        new Option<string>("--outtype")
        {
            Description = "The type of matrices; auto: f16 if the checkpoint is, bf16 otherwise.",
            DefaultValueFactory = _ => Auto,
        }.OneOf([Auto, .. TensorFormats.Encodable.Where(format => !format.Encoder!.NeedsImportance).Select(format => format.Name)]);

    /// <summary>The type of that name, or null for auto.</summary>
    private static TensorType? ParseType(string name) => name != Auto && TensorTypes.TryParse(name, out var type) ? type : null;

    private static string DefaultPath(string folder, ConversionPlan plan)
    {
        var type = plan.Tensors.Where(t => t.Type != TensorType.F32).Select(t => t.Type).DefaultIfEmpty(TensorType.F32).First();
        return Path.Combine(folder, $"{plan.Metadata.GetString("general.name")}-{(plan.Tensors.Count == 0 ? "vocab" : type.Name)}.gguf");
    }

    private void Write(ConversionPlan plan, string path, long? splitSize, int threads, CancellationToken cancellation)
    {
        var total = plan.Tensors.Sum(t => t.Type.ByteLength(t.Weights.ElementCount));
        var progress = new WriteProgress(terminal, total);
        IReadOnlyList<string> files = [];
        if (path != Terminal.Standard) files = ConvertedFile.Write(plan, path, splitSize, threads, progress.Report, cancellation);
        else if (splitSize is not null) throw new RequestException("--split-max-size makes several files, which - cannot hold. Name a file with -o.");
        else terminal.Write(path, stream => ConvertedFile.Write(plan.Metadata, plan.Tensors, stream, progress.Report, cancellation));
        progress.End();
        terminal.Error.WriteLine(progress.Text($"{plan.Class} to {plan.Architecture.Name}: {plan.Tensors.Count} tensors"));
        foreach (var file in files) terminal.Out.WriteLine(file);
        // Converter and graph are generated from one declaration, and agree even if it is wrong.
        if (plan.Tensors.Count > 0 && !program.Proves(plan.Architecture.Name))
        {
            terminal.Error.WriteLine($"Nothing has proven {plan.Architecture.Name} yet: no recorded results are known for it. Compare it with what its "
                + $"author's model computes: {terminal.ProgramName} compare {files.FirstOrDefault("MODEL")} logits.f32 --tokens 1,2,3");
        }
    }
}
