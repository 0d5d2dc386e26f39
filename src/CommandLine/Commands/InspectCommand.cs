using System.CommandLine;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Loading;
using ArchGen.Tools.ModelFiles;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen inspect</c>: prints keys and tensors of a file, and missing, extra or misshapen tensors.</summary>
internal static class InspectCommand
{
    private const int ShownElements = 6;

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var model = ModelChoice.OrEmbedded(program);
        var json = new Option<bool>("--json") { Description = "Print one JSON object: file, keys, tensors, types and architecture; arrays as a whole." };
        var command = new ExampleCommand(
            "inspect",
            "Shows a file's keys, tensors and sizes, and whether its tensors are those of its architecture.",
            "inspect model.gguf",
            "inspect model.gguf --json")
        {
            model.All, json,
        };
        command.SetAction(parsed =>
        {
            using var file = program.Open(model.PathOrNull(parsed));
            if (parsed.GetValue(json))
            {
                terminal.Write(null, stream => ModelListing.WriteJson(file, program.Architectures, stream));
                return;
            }

            terminal.Out.WriteLine($"{file.Name}: GGUF version {file.Version}, alignment {file.Alignment}");
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"{file.Metadata.Count} keys");
            foreach (var (key, value) in file.Metadata) terminal.Out.WriteLine($"  {key} = {Shown(value)}");
            terminal.Out.WriteLine();
            Tensors(terminal.Out, file);
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(Verdict(file, program.Architectures));
        });
        return command;
    }

    private static void Tensors(TextWriter output, GgufFile file)
    {
        output.WriteLine($"{file.Tensors.Count} tensors");
        var width = file.Tensors.Count == 0 ? 0 : file.Tensors.Max(t => t.Name.Length);
        foreach (var tensor in file.Tensors)
        {
            var shape = string.Join(", ", tensor.Dimensions.Reverse());
            output.WriteLine($"  {tensor.Name.PadRight(width)}  {tensor.Type.Name,-7}  {Size(tensor.ByteLength),9}  [{shape}]");
        }

        var parameters = file.Tensors.Sum(t => (double)t.ElementCount);
        var size = Size(file.Tensors.Sum(t => t.ByteLength));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  in all {parameters / 1e6:F2} M elements, {size}"));
        foreach (var type in file.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Sum(t => t.ByteLength)))
        {
            output.WriteLine($"  {type.Key.Name,-7} {type.Count(),5} tensors, {Size(type.Sum(t => t.ByteLength))}");
        }
    }

    private static string Verdict(GgufFile file, IReadOnlyList<ArchitectureInfo> architectures)
    {
        if (!file.Metadata.TryGet("general.architecture", out var value)) return "The file names no architecture.";
        var name = value.AsString();
        var architecture = architectures.Find(name);
        if (architecture is null) return $"The architecture '{name}' is not known. {architectures.Suggest(name)}";
        var model = architecture.Create();
        var source = new GgufModelSource(file);
        var (problems, unused) = ModelLoader.Check(model, source);
        var keys = UnreadKeys.Of(file, source, architecture).Select(k => $"Not read: {UnreadKeys.Name(k)}.{Environment.NewLine}");
        var tensors = unused.Select(u => $"Not used: {u.Name} ({u.Reason}).{Environment.NewLine}");
        return string.Concat(keys.Concat(tensors)) + (problems ?? $"The tensors are those of {name}: none is missing, extra or misshapen.");
    }

    private static string Shown(GgufValue value)
    {
        if (!value.IsArray) return Short(value.ToString() ?? "");
        var elements = value.ElementType switch
        {
            GgufValueType.String => value.AsStrings().Take(ShownElements).Select(s => $"'{Short(s)}'"),
            GgufValueType.Array => [],
            GgufValueType.Bool => value.AsBools().Take(ShownElements).Select(b => b ? "true" : "false"),
            GgufValueType.Float32 or GgufValueType.Float64 => value.AsSingles().Take(ShownElements).Select(f => f.ToString(CultureInfo.InvariantCulture)),
            _ => value.AsInt64s().Take(ShownElements).Select(n => n.ToString(CultureInfo.InvariantCulture)),
        };
        return $"[{string.Join(", ", elements)}{(value.Count > ShownElements ? ", ..." : "")}] ({value.Count} elements)";
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        return line.Length > 100 ? line[..100] + "..." : line;
    }

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
    };
}
