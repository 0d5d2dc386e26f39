using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>
/// Writes the static graph: one statement per node, layers as a loop, after the whole model as one would write it by hand, and a description.
/// </summary>
internal static class GraphEmitter
{
    public static string Emit(ArchitectureModel model, IReadOnlyList<string> flat, IReadOnlyList<string> description)
    {
        var w = Frame.Begin(model, "its graph.");
        w.Line("//");
        foreach (var line in flat.Count == 0 ? description : flat.Concat(["", .. description])) w.Line(line.Length == 0 ? "//" : "// " + line);
        w.OpenNamespace(model);
        foreach (var type in model.Classes)
        {
            if (type.Functions.Count == 0 && (type.IsBlock || type.IsAbstract || !model.HasErrors)) continue;
            w.OpenClass(model, type);
            var first = true;
            foreach (var function in type.Functions)
            {
                if (!first) w.Line();
                first = false;
                Function(w, model, function);
            }

            w.CloseClass(model, type);
        }

        return w.ToString();
    }

    private static void Function(SourceWriter w, ArchitectureModel model, GraphFunction function)
    {
        var parameters = string.Join(", ", function.Parameters.Select(p => $"{p.Type} {p.Name}").Prepend("GraphScope g"));
        var signature = $"{function.Modifiers.ToCSharp()} {function.Result.ToCSharp()} Build{function.Name}({parameters})";
        w.Line($"/// <summary>The graph of {function.Name}.</summary>");
        if (function.Body is not { } body)
        {
            w.Line(signature + ";");
            return;
        }

        w.Open(signature);
        if (model.HasErrors) w.Line(Frame.Refusal(model) + ";");
        else w.Statements(body);
        w.Close();
    }
}
