using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Adapters;
using ArchGen.Tools.Quantization;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen merge-lora</c>: merges adapters into a model.</summary>
internal static class MergeLoraCommand
{
    private const string Same = "same";

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var model = ModelChoice.File();
        var lora = LoraOption.Create(isRequired: true);
        var output = OutputOption.Required("The file to write.");
        var type = new Option<string>("--outtype")
        {
            Description = "The type of the matrices that are changed; same: the type they have.",
            DefaultValueFactory = _ => Same,
        }.OneOf([Same, .. TensorFormats.Encodable.Where(format => !format.Encoder!.NeedsImportance).Select(format => format.Name)]);
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "merge-lora",
            "Writes a model with LoRA adapters merged into its matrices.",
            "merge-lora model-f16.gguf --lora adapter.gguf --outfile merged.gguf",
            "merge-lora model-f16.gguf --lora style.gguf:0.5 --lora facts.gguf --outtype q8_0 --outfile merged.gguf")
        {
            model.All, lora, output, type, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var loaded = program.Load(model.Path(parsed), terminal);
            using var adapters = LoraOption.Open(parsed.GetValue(lora), loaded);
            TensorType? wanted = parsed.GetValue(type) is var name && name != Same && TensorTypes.TryParse(name!, out var found) ? found : null;
            var progress = new WriteProgress(terminal, MergedModel.Bytes(loaded, adapters, wanted));
            var path = parsed.GetValue(output)!;
            if (path == Terminal.Standard) terminal.Write(path, stream => MergedModel.Write(loaded, adapters, stream, wanted, progress.Report, cancellation));
            else terminal.Out.WriteLine(MergedModel.Write(loaded, adapters, path, wanted, parsed.GetValue(threads), progress.Report, cancellation));
            progress.End();
            terminal.Error.WriteLine(progress.Text($"{adapters.Sum(a => a.TensorNames.Count)} matrices merged"));
            return Task.FromResult(0);
        });
        return command;
    }
}
