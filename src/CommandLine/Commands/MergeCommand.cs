using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Tools.ModelFiles;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen merge</c>: makes one file of the parts of a model.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var first = new Argument<string>("FIRST") { Description = "The first part of a model: NAME-00001-of-0000N.gguf. The others are beside it." };
        var output = OutputOption.Required("The file to write.");
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the parts that would be read, and write nothing." };
        var command = new ExampleCommand(
            "merge",
            "Makes one file of the parts of a model: the bytes that it had before it was split.",
            "merge model-00001-of-00003.gguf -o model.gguf")
        {
            first, output, dryRun,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var file = ModelOptions.Open(parsed.GetValue(first)!);
            var path = parsed.GetValue(output)!;
            if (parsed.GetValue(dryRun))
            {
                foreach (var part in MergedParts.Files(file)) terminal.Out.WriteLine(part);
                return Task.FromResult(0);
            }

            var progress = new WriteProgress(terminal, file.Tensors.Sum(t => t.ByteLength));
            if (path == Terminal.Standard) terminal.Write(path, stream => MergedParts.Write(file, stream, progress.Report, cancellation));
            else terminal.Out.WriteLine(MergedParts.Write(file, path, progress.Report, cancellation));
            progress.End();
            terminal.Error.WriteLine(progress.Text($"{file.Tensors.Count} tensors of {MergedParts.Files(file).Count} parts"));
            return Task.FromResult(0);
        });
        return command;
    }
}
