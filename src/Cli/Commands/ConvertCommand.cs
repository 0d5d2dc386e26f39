using System.CommandLine;
using ArchGen.Architectures;
using ArchGen.Cli.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Quantization;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen convert</c>: a Hugging Face checkpoint becomes a GGUF file.</summary>
internal static class ConvertCommand
{
    private const string Auto = "auto";

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "A checkpoint folder: config.json, tokenizer, weights." };
        var outfile = OutputOption.Create("The file to write. Default: DIR/NAME-TYPE.gguf.");
        var type = TypeOption();
        var vocabOnly = new Option<bool>("--vocab-only") { Description = "Write keys and vocabulary, no tensors; the folder needs no weights." };
        var metadata = new Option<string?>("--metadata") { Description = "A JSON file with an object of further keys, or other values.", HelpName = "FILE" };
        var name = new Option<string?>("--model-name") { Description = "The model's name in the file. Default: the folder's." };
        var split = new Option<string?>("--split-max-size") { Description = "Write several files of at most this size: 500M, 2G." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be done with each tensor, and write nothing." };
        var ignore = new Option<string[]>("--ignore-config") { Description = "A key of config.json to leave alone although nobody knows it; repeatable." };
        var pre = new Option<string?>("--pre") { Description = "The pre-tokenizer's name (tokenizer.ggml.pre), where its structure is not known." };
        var embed = new Option<bool>("--embed-tokenizer") { Description = "Write tokenizer.json into the file as a whole, too." };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "convert",
            "Converts a Hugging Face checkpoint to GGUF, as the architecture's declaration says.",
            "convert ./Llama-3.2-1B",
            "convert ./Qwen3-0.6B --outtype q8_0 --outfile qwen3-q8_0.gguf",
            "convert ./gpt2 --dry-run")
        {
            folder, outfile, type, vocabOnly, metadata, name, split, dryRun, ignore, pre, embed, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var isVocabulary = parsed.GetValue(vocabOnly);
            using var checkpoint = isVocabulary ? Checkpoint.OpenWithoutWeights(parsed.GetValue(folder)!) : Checkpoint.Open(parsed.GetValue(folder)!);
            var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions
            {
                Type = ParseType(parsed.GetValue(type)!),
                VocabOnly = isVocabulary,
                ModelName = parsed.GetValue(name),
                IgnoredConfig = parsed.GetValue(ignore) ?? [],
                Pre = parsed.GetValue(pre),
                EmbedTokenizer = parsed.GetValue(embed),
                Metadata = parsed.GetValue(metadata) is { } file ? MetadataFile.Read(file) : [],
            });
            foreach (var line in plan.Log) terminal.Error.WriteLine(line);
            foreach (var (tensor, reason) in plan.Unused) terminal.Error.WriteLine($"{tensor} is left out: {reason}.");
            if (parsed.GetValue(dryRun))
            {
                foreach (var line in ConversionTable.Lines(plan.Tensors)) terminal.Out.WriteLine(line);
                return Task.FromResult(0);
            }

            var path = parsed.GetValue(outfile) ?? DefaultPath(checkpoint.Folder, plan);
            if (Directory.Exists(path)) throw new RequestException($"{path} is a folder, expected the name of a file to write.");
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
                throw new RequestException($"{path}: the folder {parent} does not exist. Make it, or choose another name.");
            Write(plan, path, ByteSize.Parse(parsed.GetValue(split), "--split-max-size"), parsed.GetValue(threads), terminal, cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>The option that names the type of matrices.</summary>
    private static Option<string> TypeOption() =>
        new Option<string>("--outtype")
        {
            Description = "The type of matrices; auto: f16 if the checkpoint is, bf16 otherwise.",
            DefaultValueFactory = _ => Auto,
        }.OneOf([Auto, .. TensorFormats.Encodable.Where(t => !TensorFormats.Of(t).Encoder!.NeedsImportance).Select(t => t.Name)]);

    /// <summary>The type of that name, or null for auto.</summary>
    private static TensorType? ParseType(string name) => name != Auto && TensorTypes.TryParse(name, out var type) ? type : null;

    private static string DefaultPath(string folder, ConversionPlan plan)
    {
        var type = plan.Tensors.Where(t => t.Type != TensorType.F32).Select(t => t.Type).DefaultIfEmpty(TensorType.F32).First();
        return Path.Combine(folder, $"{plan.Metadata.GetString("general.name")}-{(plan.Tensors.Count == 0 ? "vocab" : type.Name)}.gguf");
    }

    private static void Write(ConversionPlan plan, string path, long? splitSize, int threads, Terminal terminal, CancellationToken cancellation)
    {
        var total = plan.Tensors.Sum(t => t.Type.ByteLength(t.Weights.ElementCount));
        var progress = new WriteProgress(terminal, total);
        IReadOnlyList<string> files = [];
        if (path != Terminal.Standard) files = ConvertedFile.Write(plan, path, splitSize, threads, progress.Report, cancellation);
        else if (splitSize is not null) throw new RequestException("--split-max-size makes several files, which - has no place for. Name a file with -o.");
        else terminal.Write(path, stream => ConvertedFile.Write(plan.Metadata, plan.Tensors, stream, progress.Report, cancellation));
        progress.End();
        terminal.Error.WriteLine(progress.Text($"{plan.Class} to {plan.Architecture.Name}: {plan.Tensors.Count} tensors"));
        foreach (var file in files) terminal.Out.WriteLine(file);
        // Converter and graph come from one declaration, and agree on its mistakes.
        if (plan.Tensors.Count > 0 && !Recipes.Prove(plan.Architecture.Name))
        {
            terminal.Error.WriteLine($"Nothing has proven {plan.Architecture.Name} yet: no recorded results are known for it. Compare it with what its author's model "
                + $"computes: archgen compare {files.FirstOrDefault("MODEL")} logits.f32 --tokens 1,2,3");
        }
    }
}
