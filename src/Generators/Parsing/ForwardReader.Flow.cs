using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Parsing;

/// <summary>What follows from where values go: results that nothing uses, streams that are lost, outputs that are none.</summary>
internal sealed partial class ForwardReader
{
    private const string AssignOrRemove = "assign it, or remove the call";

    private readonly Dictionary<SyntaxNode, (bool IsPart, bool IsUsed, bool IsLast)> _results = [];

    /// <summary>
    /// Losses of a stream, and sums that add it twice, told once all is read: a result that is dropped explains a loss, and is then the one report.
    /// </summary>
    private readonly List<DiagnosticModel> _losses = [];

    /// <summary>The operands that pass through an operation as a residual stream does: sums, norms, factors, and what moves elements only.</summary>
    private static IEnumerable<string> StreamOf(OperationCall call)
    {
        var tensors = call.Tensors.Select(t => t.Id).ToList();
        return call.Op switch
        {
            Op.Add or Op.Subtract or Op.Scale or Op.Affine or Op.Divide or Op.Clamp => tensors,
            Op.RmsNorm or Op.LayerNorm or Op.L2Norm => tensors,
            Op.Heads or Op.Flatten or Op.Slice or Op.Concat => tensors,
            Op.Multiply when tensors.Count == 1 => tensors,
            _ => [],
        };
    }

    /// <summary>Checks what goes from block to block in a loop: something must go from block to block, and each block must add to it.</summary>
    private void CheckStream(IReadOnlyList<(string Name, SyntaxNode Place, string Variable, string After)> carried)
    {
        if (carried.Count == 0 || carried.Any(c => _frame.Flow.Passes(c.After, c.Variable, throughBlocks: false))) return;
        List<DiagnosticModel>? least = null;
        foreach (var (_, _, variable, after) in carried.Where(c => _frame.Flow.Passes(c.After, c.Variable, throughBlocks: true)))
        {
            var losses = _frame.Flow.CallsBetween(after, variable).SelectMany(c => c.Call.Functions.Select(f => f.Loss(c.Call.Result, c.Argument)))
                .OfType<DiagnosticModel>().ToList();
            if (least is null || losses.Count < least.Count) least = losses;
        }

        if (least is null)
        {
            var (name, place, _, _) = carried[0];
            least = [Loss(place, $"'{OneLine(place)}'", name, $"what the blocks before computed is lost; pass '{name}' to the block")];
        }

        _losses.AddRange(least.Where(l => IsOwn(r => r.Includes(l.Place))));
    }

    /// <summary>The place where a function loses the stream of a parameter, as the report on it; null if the stream passes.</summary>
    private DiagnosticModel? LossOf(TensorValue result, IParameterSymbol parameter)
    {
        if (_frame.Flow.Passes(result.Id, parameter.Name, throughBlocks: false)) return null;
        foreach (var (assigned, place, code) in _frame.Assignments)
        {
            if (SymbolEqualityComparer.Default.Equals(assigned, parameter) && !_frame.Flow.Passes(code, parameter.Name, throughBlocks: false))
            {
                return Loss(place, $"'{OneLine(place)}'", parameter.Name, $"write {parameter.Name} += ... in place of {parameter.Name} = ...");
            }
        }

        var function = $"{parameter.ContainingSymbol.ContainingType.Name}.{parameter.ContainingSymbol.Name}";
        return _frame.Returned is { } returned ? Loss(returned, $"What {function} returns", parameter.Name, $"return {parameter.Name} + ...") : null;
    }

    /// <summary>Notes the sums of the function that was read which add something a second time.</summary>
    private void NoteSums()
    {
        foreach (var (place, variable, origin) in _frame.Flow.SummedTwice().Where(s => IsOwn(s.Place)))
        {
            var what = origin is null ? $"the residual stream '{variable}'" : $"'{OneLine(origin)}'";
            _losses.Add(Descriptors.ResidualTwice.At(place.GetLocation(), $"'{OneLine(place)}'", what));
        }
    }

    private static DiagnosticModel Loss(SyntaxNode place, string what, string stream, string remedy) =>
        Descriptors.ResidualLost.At(place.GetLocation(), what, stream, remedy);

    /// <summary>Notes which results of the function that was read are used. One of a method that several passes share must be used by one of them.</summary>
    private void NoteResults()
    {
        foreach (var (place, isPart, isUsed, isLast) in _frame.Flow.Results())
        {
            _results[place] = _results.TryGetValue(place, out var known) ? (isPart, isUsed || known.IsUsed, isLast || known.IsLast) : (isPart, isUsed, isLast);
        }
    }

    /// <summary>Reports what was lost on the way, once all forward passes are read without another report.</summary>
    private void ReportLosses()
    {
        if (_isReported) return;
        foreach (var pair in _results.Where(r => r.Value is { IsUsed: false, IsLast: true } && IsOwn(r.Key))
            .OrderBy(r => r.Key.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(r => r.Key.SpanStart))
        {
            var text = pair.Value.IsPart ? $"the split into '{pair.Key}'" : OneLine(pair.Key);
            var remedy = pair.Value.IsPart ? "use it, or write _ in its place" : AssignOrRemove;
            Report(Descriptors.ResultDropped.At(pair.Key.GetLocation(), text, remedy));
        }

        if (_isReported) return;
        // A stream that is lost in one place may seem to be added twice in another.
        var lost = _losses.Where(l => l.Id == Descriptors.ResidualLost.Id).ToList();
        foreach (var loss in lost.Count > 0 ? lost : _losses) reporter(loss);
    }

    /// <summary>Whether a place is in this architecture's own declaration, or in that of an abstract base, which no one else reads.</summary>
    public bool IsOwn(SyntaxNode place) => IsOwn(r => r.SyntaxTree == place.SyntaxTree && r.Span.Contains(place.Span));

    private bool IsOwn(Func<SyntaxReference, bool> includes) =>
        architecture.Chain().Where(t => t.IsAbstract || SymbolEqualityComparer.Default.Equals(t, architecture))
            .SelectMany(t => t.DeclaringSyntaxReferences).Any(includes);

    /// <summary>Checks that a model returns what a model is asked for.</summary>
    private void CheckOutput(string function, Dim tokens, Value result)
    {
        if (_isReported || result is not TensorValue { Shape: var shape } || _frame.Returned is not { } place) return;
        var rows = new Shape(tokens, hyperParameters.Resolve("Embd") ?? Dim.Symbol("Embd"));
        var logits = new Shape(tokens, hyperParameters.Resolve("Vocab") ?? Dim.Symbol("Vocab"));
        var headed = ArchitectureParser.HuggingFaceClasses(architecture).ToList();
        var isEncoder = tokens.Equals(Dim.EncoderTokens);
        var why = isEncoder
                ? shape.Equals(rows) ? null : $"an encoder returns rows {rows}; end with the norm of its stream"
            : !shape.Equals(rows) && !shape.Equals(logits)
                ? $"a model returns logits {logits}, or embeddings {rows}; end with the output tensor, as in Output.Of(x)"
            : function == "Forward" && shape.Equals(rows) && !shape.Equals(logits) && headed.Count > 0 && headed.All(HasLanguageModelHead)
                ? $"{headed[0]} gives logits {logits}; end with the output tensor, as in Output.Of(x)"
                : null;
        if (why is null) return;
        Report(Descriptors.NoOutput.At(place.GetLocation(), $"{architecture.Name}.{function}", shape.ToString(), why));
    }

    /// <summary>Whether a class of transformers ends in logits over the vocabulary, by its name.</summary>
    private static bool HasLanguageModelHead(string name) =>
        new[] { "ForCausalLM", "LMHeadModel", "ForConditionalGeneration" }.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>A syntax as far as it stands on its first line.</summary>
    private static string OneLine(SyntaxNode node)
    {
        var text = node.SyntaxTree.GetText();
        var line = text.Lines.GetLineFromPosition(node.SpanStart);
        var end = node.DescendantTokens().TakeWhile(t => t.SpanStart < line.End).Last().Span.End;
        return text.ToString(TextSpan.FromBounds(node.SpanStart, Math.Min(end, line.End)));
    }
}
