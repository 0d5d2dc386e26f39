using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes a symbolic graph as the C# that makes its outline, one line per node.</summary>
internal static class OutlineEmitter
{
    public static void Emit(SourceWriter w, ArchitectureModel model, SymbolicGraph graph)
    {
        var name = model.Name + (graph.Function.Graph is { } further ? "." + further : "");
        w.Line($"        new({Literal(name)}, [{string.Join(", ", graph.Frames.Select(f => Literal(Label(f))))}],");
        w.Line("        [");
        foreach (var node in graph.Nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(i => $"new({i.Slot}, {i.Node})"));
            var frame = node.Frame < 0 ? "" : $", Frame: {node.Frame}";
            var condition = node.Condition is null ? "" : $", Condition: {Literal(node.Condition.ToCSharp())}";
            var output = node.IsOutput ? ", IsOutput: true" : "";
            w.Line($"            new({Literal(node.Name)}, Op.{node.Op}, {Literal(node.Shape.ToString())}, [{inputs}]{frame}{condition}{output}),");
        }

        w.Line("        ]),");
    }

    /// <summary>A frame in words: the blocks' prefix, the kind where there are several, when it stands, and how many there are.</summary>
    private static string Label(FrameModel frame)
    {
        var isOfSeveral = frame.List.Kinds.Count > 1;
        var name = isOfSeveral ? " " + frame.Kind.Name : "";
        var condition = frame.Kind.Condition is { } stated ? $" if {stated.ToCSharp()}" : isOfSeveral ? " otherwise" : "";
        return $"{frame.List.Prefix}{name}{condition}, i < {frame.List.Count.ToCSharp()}";
    }
}
