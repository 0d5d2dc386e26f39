using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>An architecture in words: its tensors, and its graph as a listing that a reader of the paper recognises.</summary>
internal static class Description
{
    public static IEnumerable<string> Lines(ArchitectureModel model)
    {
        yield return "Tensors";
        var tensors = TensorNamesEmitter.All(model)
            .Select(t => new[] { t.Gguf, t.Shape.ToString(), t.Presence, t.Where, t.HuggingFace.Count > 0 ? t.HuggingFace[0] : "" });
        foreach (var row in Frame.Table([.. tensors])) yield return row;

        var functions = model.Root.Functions.Select(f => (f.Name, f.Body))
            .Concat(model.Root.Lists.SelectMany(l => l.Kinds).SelectMany(k => k.Functions.Select(f => ($"{Title(model, k)}, {f.Name}", f.Body))));
        foreach (var (title, body) in functions)
        {
            if (body is not { } statements) continue;
            yield return "";
            yield return title;
            var rows = new List<string[]>();
            Listing(rows, statements, "");
            foreach (var row in Frame.Table(rows)) yield return row;
        }
    }

    /// <summary>A kind of block, with the architecture that it is inherited from and where it stands.</summary>
    public static string Title(ArchitectureModel model, BlockKindModel kind)
    {
        var of = kind.Owner == model.ClassName ? "" : $" of {kind.Owner}";
        return kind.Name + of + (kind.Condition is null ? "" : $" (if {kind.Condition.ToCSharp()})");
    }

    private static void Listing(List<string[]> rows, EquatableArray<Statement> statements, string indent)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case OperationStatement op:
                    rows.Add([indent + op.Node, OpTable.Of(op.Op).Word, op.Shape.ToString()]);
                    break;
                case LoopStatement loop:
                    rows.Add([indent + $"for each of {loop.List}", "", ""]);
                    Listing(rows, loop.Body, indent + "  ");
                    break;
                case RepeatStatement repeat:
                    rows.Add([indent + $"for each {repeat.Condition.ToCSharp()}", "", ""]);
                    Listing(rows, repeat.Body, indent + "  ");
                    break;
                case CallStatement:
                    rows.Add([indent + "its block", "", ""]);
                    break;
                case IfStatement decision:
                    Listing(rows, decision, indent);
                    break;
            }
        }
    }

    /// <summary>A decision without its empty branch; one that chooses between values at hand computes nothing, and is not listed.</summary>
    private static void Listing(List<string[]> rows, IfStatement decision, string indent)
    {
        var condition = decision.Condition.ToCSharp();
        List<string[]> then = [], otherwise = [];
        Listing(then, decision.Then, indent + "  ");
        Listing(otherwise, decision.Else, indent + "  ");
        if (then.Count > 0) rows.AddRange([[indent + $"if {condition}", "", ""], .. then]);
        if (otherwise.Count > 0) rows.AddRange([[indent + (then.Count > 0 ? "else" : $"unless {condition}"), "", ""], .. otherwise]);
    }
}
