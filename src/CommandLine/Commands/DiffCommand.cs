using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Tools.ModelFiles;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen diff</c>: what differs between two files.</summary>
internal static class DiffCommand
{
    private const int Different = 1; // as of diff

    public static Command Create(Terminal terminal)
    {
        var first = new Argument<string>("A") { Description = "A GGUF file; of a model in parts, the first." };
        var second = new Argument<string>("B") { Description = "Another." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: same, sameTensors, keys, tensors." };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "diff",
            "Shows which keys and tensors of two models differ, and how far. The exit code is 1 if any does, as of diff.",
            "diff a.gguf b.gguf",
            "diff model-f16.gguf model-q8_0.gguf --json")
        {
            first, second, json, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var a = ModelOptions.Open(parsed.GetValue(first)!);
            using var b = ModelOptions.Open(parsed.GetValue(second)!);
            var progress = new WriteProgress(terminal, a.Tensors.Sum(t => t.ByteLength));
            var difference = ModelDifference.Between(a, b, parsed.GetValue(threads), progress.Report, cancellation);
            progress.End();
            if (parsed.GetValue(json)) terminal.Write(null, stream => ModelDifferenceText.WriteJson(difference, stream));
            else foreach (var line in ModelDifferenceText.Lines(difference)) terminal.Out.WriteLine(line);
            return Task.FromResult(difference.IsSame ? 0 : Different);
        });
        return command;
    }
}
