using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The model's graphs: its forward pass, and the methods with [Graph].</summary>
internal sealed partial class ForwardReader
{
    private void ReadGraphs()
    {
        var graphs = GraphMethods.Of(architecture).ToList();
        // What a class of the language demands is what its forward pass reads.
        foreach (var graph in graphs.Where(g => !g.Method.IsInSource())) ReadGraph(graph);
        var parameters = architecture.DerivesFrom(KnownNames.EncoderDecoderModel) ? 2 : 1;
        var forward = architecture.Chain().Reverse().SelectMany(t => t.GetMembers("Forward")).OfType<IMethodSymbol>()
            .FirstOrDefault(m => m.Parameters.Length == parameters && (m.IsInSource() || m.IsOverride));
        if (forward is null) Report(Descriptors.NoForward.At(architecture.FirstLocation(), architecture.Name, "Forward method"));
        else ReadPass(forward, null, Dim.Tokens);
        foreach (var graph in graphs.Where(g => g.Method.IsInSource())) ReadGraph(graph);
    }

    private void ReadGraph(GraphMethod graph)
    {
        var method = Resolve(graph.Method, architecture);
        if (method.IsAbstract) Report(Descriptors.NoForward.At(architecture.FirstLocation(), architecture.Name, $"{method.Name} method"));
        else ReadPass(method, graph.Name, graph.Tokens);
    }

    private void ReadPass(IMethodSymbol method, string? graph, Dim tokens)
    {
        _frame = new FunctionFrame(root) { Tokens = tokens };
        var arguments = new List<Value>();
        var rows = new List<RowsModel?>();
        foreach (var parameter in method.Parameters)
        {
            _frame.Reserve(parameter.Name);
            rows.Add(parameter.Type.Is(KnownNames.TokensType) ? null : RowsOf(parameter));
            arguments.Add(rows[rows.Count - 1] is { Shape: var shape } ? new TensorValue(shape, parameter.Name, parameter.Name, isLocal: false)
                : new TokensValue(parameter.Name));
        }

        var result = ReadBody(method, arguments);
        CheckOutput(method.Name, tokens, result);
        string[] modifiers = graph is null ? ["protected", "override"] : ["private"];
        Finish(root, method, modifiers, result, graph, rows);
    }

    /// <summary>The shape of the rows of another graph: [T, Embd], unless [Rows] states another.</summary>
    private RowsModel RowsOf(IParameterSymbol parameter)
    {
        var attribute = GraphMethods.RowsOf(parameter);
        var dims = ExpressionParser.SplitList(attribute?.Text() ?? "T, Embd").ToList();
        var width = hyperParameters.Parse(dims[1].Text, attribute?.Location(null) ?? parameter.FirstLocation(), attribute is null ? 0 : dims[1].Start);
        if (width is null) _isReported = true;
        return new RowsModel(new Shape(GraphMethods.CountOf(dims[0].Text) ?? Dim.Tokens, width?.Dim ?? Dim.Symbol("Embd")),
            width?.Expression ?? new NameExpression("Embd"));
    }
}
