using ArchGen.Generators.Model;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes where each node is declared. A file of its own, since every line that is added above a declaration changes it, and nothing else.</summary>
internal static class SourceLinesEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var w = Frame.Begin(model, "where its nodes are declared.");
        w.OpenNamespace(model);
        foreach (var type in model.Classes.Where(c => c.Lines.Count > 0))
        {
            w.OpenClass(model, type);
            w.Line("/// <inheritdoc/>");
            w.Open("protected override string? SourceOf(string node) => node switch");
            // Branches, or an encoder and a decoder, may name a node alike.
            foreach (var node in type.Lines.GroupBy(l => l.Node, StringComparer.Ordinal))
            {
                w.Line($"{Literal(node.Key)} => {Literal(string.Join(" or ", node.Select(l => l.Source).Distinct()))},");
            }

            w.Line("_ => null,");
            w.Close(";");
            w.CloseClass(model, type);
        }

        return w.ToString();
    }
}
