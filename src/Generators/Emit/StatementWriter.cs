using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>Writes the statements of a forward pass as the C# that builds its graph.</summary>
internal static class StatementWriter
{
    public static void Statements(this SourceWriter w, EquatableArray<Statement> statements)
    {
        foreach (var statement in statements) w.Statement(statement);
    }

    private static void Statement(this SourceWriter w, Statement statement)
    {
        switch (statement)
        {
            case OperationStatement op:
                w.Line($"var {op.Variable} = g.Name(\"{op.Node}\", {op.Value.ToCSharp()}); // {op.Shape}");
                break;
            case DeclareStatement { Value: null } declare:
                w.Line($"Tensor {declare.Variable};");
                break;
            case DeclareStatement { Value: { } value } declare:
                w.Line($"{(declare.MayBeNull ? "Tensor?" : "var")} {declare.Variable} = {value.ToCSharp()};");
                break;
            case AssignStatement assign:
                w.Line($"{assign.Variable} = {assign.Value.ToCSharp()};");
                break;
            case CallStatement call:
                w.Line($"{(call.Declares ? "var " : "")}{Results(call)} = {Call(call)};");
                break;
            case LoopStatement loop:
                w.Open($"foreach (var {loop.Variable} in {loop.List})");
                w.Statements(loop.Body);
                w.Close();
                break;
            case RepeatStatement repeat:
                w.Open($"for (var {repeat.Variable} = 0; {repeat.Condition.ToCSharp()}; {repeat.Variable}++)");
                w.Statements(repeat.Body);
                w.Close();
                break;
            case IfStatement decision:
                w.Decision(decision);
                break;
            case ReturnStatement result:
                w.Line($"return {result.Value.ToCSharp()};");
                break;
        }
    }

    private static void Decision(this SourceWriter w, IfStatement decision)
    {
        w.Open($"if ({decision.Condition.ToCSharp()})");
        w.Statements(decision.Then);
        w.Close();
        if (decision.Else.Count == 0) return;
        w.Open("else");
        w.Statements(decision.Else);
        w.Close();
    }

    private static string Results(CallStatement call) => call.Results.Count == 1 ? call.Results[0] : $"({string.Join(", ", call.Results)})";

    private static string Call(CallStatement call)
    {
        var block = call.Block.ToCSharp();
        return $"{block}.Build{call.Method}({string.Join(", ", call.Arguments.Select(a => a.ToCSharp()).Prepend($"g.In({block})"))})";
    }
}
