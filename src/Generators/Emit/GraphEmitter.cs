using ArchGen.Generators.Model;

namespace ArchGen.Generators.Emit;

/// <summary>Writes the static graph: one statement per node, layers as a loop, after a description that a reader of the paper recognises.</summary>
internal static class GraphEmitter
{
    public static string Emit(ArchitectureModel model, IReadOnlyList<string> description)
    {
        var w = Frame.Begin(model, "its graph.");
        w.Line("//");
        foreach (var line in description) w.Line(("// " + line).TrimEnd());
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
        var signature = $"{function.Modifiers} {function.ResultType} Build{function.Name}({parameters})";
        w.Line($"/// <summary>The graph of {function.Name}.</summary>");
        if (function.Body is not { } body)
        {
            w.Line(signature + ";");
            return;
        }

        w.Open(signature);
        if (model.HasErrors) w.Line(Frame.Refusal(model) + ";");
        else Statements(w, body);
        w.Close();
    }

    private static void Statements(SourceWriter w, EquatableArray<Statement> statements)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case OpStatement op:
                    w.Line($"var {op.Variable} = g.Name(\"{op.Node}\", {op.Code}); // {op.Shape}");
                    break;
                case DeclareStatement declare:
                    w.Line(declare.Code is null ? $"{declare.Type} {declare.Variable};" : $"{declare.Type} {declare.Variable} = {declare.Code};");
                    break;
                case AssignStatement assign:
                    w.Line($"{assign.Variable} = {assign.Code};");
                    break;
                case LoopStatement loop:
                    w.Open($"foreach (var {loop.Variable} in {loop.List})");
                    Statements(w, loop.Body);
                    w.Close();
                    break;
                case IfStatement decision:
                    w.Open($"if ({decision.Condition})");
                    Statements(w, decision.Then);
                    w.Close();
                    if (decision.Else.Count == 0) break;
                    w.Open("else");
                    Statements(w, decision.Else);
                    w.Close();
                    break;
                case ReturnStatement result:
                    w.Line($"return {result.Code};");
                    break;
            }
        }
    }
}
