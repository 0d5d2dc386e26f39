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

            if (!model.HasErrors) Named(w, [.. type.Functions.Where(f => f.Graph is not null)]);
            w.CloseClass(model, type);
        }

        return w.ToString();
    }

    /// <summary>Writes what finds the graphs with names, those of bases among them.</summary>
    private static void Named(SourceWriter w, IReadOnlyList<GraphFunction> graphs)
    {
        if (graphs.Count == 0) return;
        w.Line();
        w.Line("/// <inheritdoc/>");
        w.Line("public override System.Collections.Generic.IReadOnlyList<string> GraphNames { get; } = "
            + $"[{string.Join(", ", graphs.Select(g => Literals.Literal(g.Graph!)))}];");
        Choice("BuildNamed(string name, GraphScope g, GraphInputs inputs)", "base.BuildNamed(name, g, inputs)", g => $"Build{g.Name}(g, {Arguments(g)})");
        Choice("RunNamed(string name, GraphInputs inputs)", "base.RunNamed(name, inputs)", g => $"{g.Name}({Arguments(g)})");

        void Choice(string signature, string otherwise, Func<GraphFunction, string> call)
        {
            w.Line();
            w.Line("/// <inheritdoc/>");
            w.Open($"protected override Tensor {signature} => name switch");
            foreach (var graph in graphs) w.Line($"{Literals.Literal(graph.Graph!)} => {call(graph)},");
            w.Line($"_ => {otherwise},");
            w.Close(";");
        }
    }

    private static string Arguments(GraphFunction graph) => string.Join(", ", graph.Parameters.Select(p => p.Rows is not { } rows ? "inputs.Tokens"
        : $"inputs.{(rows.IsOfTokens ? "Rows" : "EncoderRows")}(checked({rows.Width.ToCSharp()}))"));

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
