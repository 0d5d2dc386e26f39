using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Adapters;
using ArchGen.Tools.Conversion;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen convert-lora</c>: converts a PEFT adapter to a GGUF adapter.</summary>
internal static class ConvertLoraCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var folder = new Argument<string>("DIR") { Description = "An adapter's folder: adapter_config.json and adapter_model.safetensors." };
        var baseModel = new Option<string>("--base") { Description = "The base model: its checkpoint's folder, or a GGUF file of it.", Required = true };
        var outfile = OutputOption.Create("The file to write. Default: DIR/NAME-TYPE.gguf.");
        var type = new Option<string>("--outtype") { Description = "The type of the matrices.", DefaultValueFactory = _ => "f32" }
            .OneOf("f32", "f16", "bf16", "q8_0");
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be done with each matrix, and write nothing." };
        var ignore = new Option<string[]>("--ignore-config")
        {
            Description = "A key of adapter_config.json to leave alone although nobody knows it; repeatable.",
        };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "convert-lora",
            "Converts a PEFT LoRA adapter to GGUF, as the base model's declaration says.",
            "convert-lora ./my-adapter --base ./Llama-3.2-1B",
            "convert-lora ./my-adapter --base llama-3.2-1b-q4_k_m.gguf --outtype f16 --outfile my-adapter.gguf")
        {
            folder, baseModel, outfile, type, dryRun, ignore, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var adapter = Checkpoint.Open(parsed.GetValue(folder)!);
            TensorTypes.TryParse(parsed.GetValue(type)!, out var tensorType);
            var ignored = parsed.GetValue(ignore) ?? [];
            var conversion = WithBase(
                program.Architectures, parsed.GetValue(baseModel)!,
                (architecture, model, source) => LoraConversion.Create(adapter, architecture, model, source, tensorType, ignored));
            foreach (var line in conversion.Log) terminal.Error.WriteLine(line);
            if (parsed.GetValue(dryRun))
            {
                foreach (var line in ConversionTable.Lines(conversion.Tensors)) terminal.Out.WriteLine(line);
                return Task.FromResult(0);
            }

            var path = parsed.GetValue(outfile) ?? Path.Combine(adapter.Folder, $"{conversion.Metadata.GetString("general.name")}-{tensorType.Name}.gguf");
            if (path == Terminal.Standard)
                terminal.Write(path, stream => ConvertedFile.Write(conversion.Metadata, conversion.Tensors, stream, null, cancellation));
            else
                terminal.Out.WriteLine(ConvertedFile.Write(conversion.Metadata, conversion.Tensors, path, parsed.GetValue(threads), null, cancellation));
            return Task.FromResult(0);
        });
        return command;
    }

    private static LoraConversion WithBase(
        IReadOnlyList<ArchitectureInfo> architectures, string path, Func<ArchitectureInfo, Model, IModelSource, LoraConversion> convert)
    {
        if (!Directory.Exists(path))
        {
            using var model = LoadedModel.Open(path, architectures);
            return convert(model.Architecture, model.Model, model.Source);
        }

        using var checkpoint = Checkpoint.Open(path);
        var plan = ConversionPlan.Create(checkpoint, architectures, new ConversionOptions());
        return convert(plan.Architecture, plan.Model, plan.Source);
    }
}
