using System.CommandLine;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Tools.ModelFiles;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen split</c>: divides a model into several files.</summary>
internal static class SplitCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("IN") { Description = "A GGUF file; of a model in parts, the first." };
        var prefix = new Option<string>("--output", "-o", "--outfile")
        {
            Description = "What the names are made of: PREFIX-00001-of-00003.gguf and so on.",
            HelpName = "PREFIX",
            Required = true,
        };
        var size = new Option<string?>("--max-size", "--split-max-size") { Description = "The most bytes of tensors in a part: 500M, 4G.", HelpName = "SIZE" };
        var tensors = new Option<int>("--max-tensors", "--split-max-tensors")
        {
            Description = "The most tensors in a part, in place of --max-size.",
            DefaultValueFactory = _ => SplitModel.DefaultTensors,
            HelpName = "N",
        }.Within(1, int.MaxValue);
        var emptyFirst = new Option<bool>("--no-tensor-first-split") { Description = "The first part has the keys and no tensors, and no padding." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the parts that would be written, and write nothing." };
        var command = new ExampleCommand(
            "split",
            "Divides a model into several files: the parts of llama-gguf-split, byte for byte.",
            "split model.gguf -o model --max-size 4G",
            "split model.gguf -o parts/model --max-tensors 64 --dry-run")
        {
            source, prefix, size, tensors, emptyFirst, dryRun,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var file = ModelOptions.Open(parsed.GetValue(source)!);
            var bytes = ByteSize.Parse(parsed.GetValue(size), "--max-size");
            if (bytes is not null && parsed.GetResult(tensors) is { Implicit: false })
                throw new RequestException("--max-size and --max-tensors are both given. Choose one.");
            var (model, path) = (bytes is { } limit
                ? SplitModel.BySize(file, limit, parsed.GetValue(emptyFirst))
                : SplitModel.ByTensors(file, parsed.GetValue(tensors), parsed.GetValue(emptyFirst)), parsed.GetValue(prefix)!);
            if (path == Terminal.Standard) throw new RequestException("- cannot hold several files. Name a prefix with -o.");
            if (parsed.GetValue(dryRun)) Plan(terminal, model, path);
            else Write(terminal, model, path, cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Plan(Terminal terminal, SplitModel model, string prefix)
    {
        foreach (var (part, tensors) in model.Parts.Index())
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{model.PathOf(prefix, part)}: {tensors.Count} tensors, {tensors.Sum(t => t.ByteLength) / 1e6:0.0} MB"));
        }
    }

    private static void Write(Terminal terminal, SplitModel model, string prefix, CancellationToken cancellation)
    {
        var progress = new WriteProgress(terminal, model.ByteLength);
        var files = model.Write(prefix, progress.Report, cancellation);
        progress.End();
        terminal.Error.WriteLine(progress.Text($"{files.Count} parts"));
        foreach (var path in files) terminal.Out.WriteLine(path);
    }
}
