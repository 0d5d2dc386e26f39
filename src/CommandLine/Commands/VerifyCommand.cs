using System.CommandLine;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen verify</c>: compares a file with the conversion of its checkpoint.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var folder = new Argument<string>("DIR") { Description = "The checkpoint folder." };
        var model = new Argument<string>("MODEL") { Description = "The GGUF file." };
        var ignore = new Option<string[]>("--ignore-config") { Description = "As for convert." };
        var pre = new Option<string?>("--pre") { Description = "As for convert." };
        var command = new ExampleCommand(
            "verify",
            "Converts every tensor and key of the checkpoint again and compares it with the file's. Exit code 1 if anything differs.",
            "verify ./Qwen3-0.6B qwen3-q8_0.gguf")
        {
            folder, model, ignore, pre,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var checkpoint = Checkpoint.Open(parsed.GetValue(folder)!);
            using var file = GgufFile.Open(parsed.GetValue(model)!);
            var plan = ConversionPlan.Create(checkpoint, program.Architectures, new ConversionOptions
            {
                Pre = parsed.GetValue(pre),
                IgnoredConfig = parsed.GetValue(ignore) ?? [],
            });
            var (differences, unmade) = ConversionCheck.Compare(plan, file, (done, total) => terminal.Progress("tensor", done, total), cancellation);
            foreach (var line in differences) terminal.Out.WriteLine(line);
            foreach (var line in unmade) terminal.Out.WriteLine($"not checked: {line}, which convert does not write");
            var result = differences.Count == 0 ? "no difference" : $"{differences.Count} differences";
            terminal.Out.WriteLine($"{plan.Tensors.Count - unmade.Count} tensors and {plan.Metadata.Count} keys compared: {result}.");
            return Task.FromResult(differences.Count == 0 ? 0 : 1);
        });
        return command;
    }
}
