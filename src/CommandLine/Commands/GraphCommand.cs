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
        var graph = new Option<string?>("--graph") { HelpName = "NAME", Description = "One of the graphs beside that of the forward pass: encoder, draft." };
        var encoder = new Option<bool>("--encoder") { Description = "As --graph encoder: the encoder's graph of an encoder-decoder." };
        var flat = new Option<bool>("--flat") { Description = "The forward pass without parts and bases, as one would write the whole model by hand." };
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var command = new ExampleCommand(
            "graph",
            "Prints the static graph of a model file; of an architecture's name its tensors and its graph over hyper-parameters.",
            "graph model.gguf",
            "graph model.gguf --format dot | dot -Tsvg > graph.svg",
            "graph llama --format mermaid",
            "graph llama --flat",
            "graph qwen3next --graph draft")
        {
            subject, format, graph, encoder, flat, output,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(subject)!;
            var kind = parsed.GetValue(format)!;
            var further = parsed.GetValue(graph) ?? (parsed.GetValue(encoder) ? EncoderDecoderModel.EncoderGraph : null);
            var text = program.Architectures.Find(name) is { } architecture && !File.Exists(name)
                ? parsed.GetValue(flat) ? Flat(architecture, further) : Describe(architecture, kind, further)
                : parsed.GetValue(flat) ? FlatOfFile(program, name, further) : Graph(program, name, kind, further);
            terminal.Write(parsed.GetValue(output), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
        });
        return command;
    }

    private static string Graph(ArchgenProgram program, string path, string format, string? further)
    {
        if (!File.Exists(path)) throw program.NoModelOrArchitecture(path);
        using var loaded = program.Load(path);
        var graph = further is null ? loaded.Graph : loaded.GraphOf(further);
        return format switch { "mermaid" => GraphMermaid.Print(graph), "dot" => GraphDot.Print(graph), _ => GraphText.Print(graph) };
    }

    private static string Flat(ArchitectureInfo architecture, string? further)
    {
        var text = further is null ? architecture.Flat
            : architecture.FlatGraphs.GetValueOrDefault(further) ?? throw NoGraph(architecture, further);
        return $"{architecture.Name}: {architecture.Summary}\n\n{text}\n";
    }

    private static string FlatOfFile(ArchgenProgram program, string path, string? further)
    {
        if (!File.Exists(path)) throw program.NoModelOrArchitecture(path);
        using var loaded = program.Load(path);
        return Flat(loaded.Architecture, further);
    }

    /// <summary>Without a file, the text of one graph is its listing, and that of all is the description.</summary>
    private static string Describe(ArchitectureInfo architecture, string format, string? further)
    {
        if (format == "text")
            return further is null ? $"{architecture.Name}: {architecture.Summary}\n\n{architecture.Description}\n" : Flat(architecture, further);
        var outline = further is null ? architecture.Outlines[0]
            : architecture.Outlines.FirstOrDefault(o => o.Name == $"{architecture.Name}.{further}") ?? throw NoGraph(architecture, further);
        return format == "mermaid" ? GraphMermaid.Print(outline) : GraphDot.Print(outline);
    }

    private static RequestException NoGraph(ArchitectureInfo architecture, string further) => new(
        $"{architecture.Name} has no graph '{further}' beside that of its forward pass. "
        + (architecture.FlatGraphs.Count == 0 ? "It has that graph alone." : $"It has {string.Join(", ", architecture.FlatGraphs.Keys)}."));
}
