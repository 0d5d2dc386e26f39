using System.CommandLine;
using ArchGen.Architectures;
using ArchGen.Generation;
using ArchGen.Graphs;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen graph</c>: the static graph of a model, or the tensors of an architecture.</summary>
internal static class GraphCommand
{
    public static Command Create(Terminal terminal)
    {
        var subject = new Argument<string>("ARCHITECTURE|MODEL") { Description = "A GGUF file, or the name of an architecture." };
        var format = new Option<string>("--format") { Description = "How to show it.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "mermaid", "dot");
        var encoder = new Option<bool>("--encoder") { Description = "The encoder's graph of an encoder-decoder, instead of the decoder's." };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. Default: standard output." };
        var command = new ExampleCommand(
            "graph",
            "Prints the static graph of a model file. Of an architecture's name, whose dimensions only a file knows, it prints the tensor table over hyper-parameters.",
            "graph model.gguf",
            "graph model.gguf --format dot | dot -Tsvg > graph.svg",
            "graph llama")
        {
            subject, format, encoder, output,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(subject)!;
            var text = Catalog.All.Find(name) is { } architecture && !File.Exists(name) ? Table(architecture) : Graph(name, parsed.GetValue(format)!, parsed.GetValue(encoder));
            if (parsed.GetValue(output) is { } path) OutputFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
            else terminal.Out.Write(text);
        });
        return command;
    }

    private static string Graph(string path, string format, bool encoder)
    {
        if (!File.Exists(path)) throw new ArchGenException($"{path} is neither a file nor an architecture. {Catalog.All.Suggest(path)}");
        using var loaded = ModelOptions.Load(path);
        var graph = encoder ? loaded.EncoderGraph ?? throw new ArchGenException($"{path}: {loaded.Architecture.Name} has no encoder beside a decoder.") : loaded.Graph;
        return format switch { "mermaid" => GraphMermaid.Print(graph), "dot" => GraphDot.Print(graph), _ => GraphText.Print(graph) };
    }

    private static string Table(ArchitectureInfo architecture)
    {
        int names = architecture.Tensors.Max(t => t.Gguf.Length), shapes = architecture.Tensors.Max(t => t.Shape.Length);
        var rows = architecture.Tensors.Select(t => $"  {t.Gguf.PadRight(names)}  {t.Shape.PadRight(shapes)}  {(t.Optional ? "optional" : "        ")}  {t.HuggingFace.FirstOrDefault()}".TrimEnd());
        return $"{architecture.Name}: {architecture.Summary}\n\n{string.Join("\n", rows)}\n";
    }
}
