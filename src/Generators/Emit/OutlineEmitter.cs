using ArchGen.Graphs;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes an outline as the C# that makes it, one line per node.</summary>
internal static class OutlineEmitter
{
    public static void Emit(SourceWriter w, GraphOutline outline)
    {
        w.Line($"        new({Literal(outline.Name)}, [{string.Join(", ", outline.Frames.Select(Literal))}],");
        w.Line("        [");
        foreach (var node in outline.Nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(i => $"new({i.Slot}, {i.Node})"));
            var frame = node.Frame < 0 ? "" : $", Frame: {node.Frame}";
            var condition = node.Condition.Length == 0 ? "" : $", Condition: {Literal(node.Condition)}";
            var output = node.IsOutput ? ", IsOutput: true" : "";
            w.Line($"            new({Literal(node.Name)}, Op.{node.Op}, {Literal(node.Shape)}, [{inputs}]{frame}{condition}{output}),");
        }

        w.Line("        ]),");
    }
}
