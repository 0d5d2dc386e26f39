using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Graphs;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen graph</c>: the static graph of a model, or of an architecture over its hyper-parameters.</summary>
internal static class GraphCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var subject = new Argument<string>("ARCHITECTURE|MODEL") { Description = "A GGUF file, or the name of an architecture." };
        var format = new Option<string>("--format") { Description = "How to show it.", DefaultValueFactory = _ => "text" }.OneOf("text", "mermaid", "dot");
        var encoder = new Option<bool>("--encoder") { Description = "The encoder's graph of an encoder-decoder, instead of the decoder's." };
        var flat = new Option<bool>("--flat") { Description = "The forward pass without parts and bases, as one would write the whole model by hand." };
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var command = new ExampleCommand(
            "graph",
            "Prints the static graph of a model file; of an architecture's name its tensors and its graph over hyper-parameters.",
            "graph model.gguf",
            "graph model.gguf --format dot | dot -Tsvg > graph.svg",
            "graph llama --format mermaid",
            "graph llama --flat")
        {
            subject, format, encoder, flat, output,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(subject)!;
            var (kind, isEncoder) = (parsed.GetValue(format)!, parsed.GetValue(encoder));
            var text = program.Architectures.Find(name) is { } architecture && !File.Exists(name)
                ? parsed.GetValue(flat) ? Flat(architecture) : Describe(architecture, kind, isEncoder)
                : parsed.GetValue(flat) ? FlatOfFile(program, name) : Graph(program, name, kind, isEncoder);
            terminal.Write(parsed.GetValue(output), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
        });
        return command;
    }

    private static string Graph(ArchgenProgram program, string path, string format, bool encoder)
    {
        if (!File.Exists(path)) throw program.NoModelOrArchitecture(path);
        using var loaded = program.Load(path);
        var graph = encoder
            ? loaded.EncoderGraph ?? throw new RequestException($"{path}: {loaded.Architecture.Name} has no encoder beside a decoder.")
            : loaded.Graph;
        return format switch { "mermaid" => GraphMermaid.Print(graph), "dot" => GraphDot.Print(graph), _ => GraphText.Print(graph) };
    }

    private static string Flat(ArchitectureInfo architecture) => $"{architecture.Name}: {architecture.Summary}\n\n{architecture.Flat}\n";

    private static string FlatOfFile(ArchgenProgram program, string path)
    {
        if (!File.Exists(path)) throw program.NoModelOrArchitecture(path);
        using var loaded = program.Load(path);
        return Flat(loaded.Architecture);
    }

    private static string Describe(ArchitectureInfo architecture, string format, bool encoder)
    {
        if (format == "text") return $"{architecture.Name}: {architecture.Summary}\n\n{architecture.Description}\n";
        if (encoder && architecture.Outlines.Count < 2) throw new RequestException($"{architecture.Name} has no encoder beside a decoder.");
        var outline = architecture.Outlines[encoder ? 1 : 0];
        return format == "mermaid" ? GraphMermaid.Print(outline) : GraphDot.Print(outline);
    }
}
