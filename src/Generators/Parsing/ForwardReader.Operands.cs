using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>What an operation's operands must be beside their shapes: tensors of this block, that are there, with heads that divide.</summary>
internal sealed partial class ForwardReader
{
    private readonly HashSet<Location> _unasked = [];

    /// <summary>Checks a declared tensor that an operation uses; false if that was reported as an error.</summary>
    private bool CheckModule(IOperation place, Value? value)
    {
        if (value is not ModuleValue module) return true;
        if (module.IsForeign)
        {
            Report(Descriptors.ForeignTensor.At(place.Syntax.GetLocation(),
                $"'{module.Expression.ToCSharp()}' is a tensor of another block than the one that runs here",
                "use it in the Forward of its block, or pass it to the other block as an argument"));
            return false;
        }

        CheckPresence(place, module);
        return true;
    }

    /// <summary>Warns of a tensor that a file may lack, where it must be there.</summary>
    private void CheckPresence(IOperation place, ModuleValue module)
    {
        if (!module.MayBeAbsent || IsThere(module) || PlaceOf(place) is not { } location || !_unasked.Add(location)) return;
        var requiredIf = module.Declaration.Model.RequiredIf;
        var tensor = module.Expression.ToCSharp();
        reporter(Descriptors.OptionalUnasked.At(location, tensor,
            requiredIf is null ? $"write if ({tensor} is not null), or make its type {module.Declaration.Model.Type} without ?"
                : $"write if ({tensor} is not null), or if ({requiredIf.ToCSharp()})"));
    }

    /// <summary>Where the architecture itself does something, or calls a part that does; null if a base does it.</summary>
    private Location? PlaceOf(IOperation place)
    {
        if (IsOwn(place.Syntax)) return place.Syntax.GetLocation();
        return IsInHelper && _frame.CallLocation is { } call && IsOwn(r => r.SyntaxTree == call.SourceTree && r.Span.Contains(call.SourceSpan)) ? call : null;
    }

    private static bool IsNullable(IParameterSymbol parameter) => parameter.NullableAnnotation == NullableAnnotation.Annotated;

    private bool IsThere(ModuleValue module)
    {
        var requirement = module.Declaration.Model.RequiredIf;
        if (_frame.Conditions.Count == 0 && requirement is null) return false;
        var facts = new KnownFacts(name => Getter(name, module.Declaration.Property.ContainingType));
        foreach (var (condition, holds) in _frame.Conditions) facts.Assume(condition, holds);
        if (module.Index is { } index) facts.Assume(new BinaryExpression(BinaryOperator.Equal, new NameExpression("Index"), index), holds: true);
        return facts.IsThere(module.Expression) || (requirement is not null && facts.Holds(requirement));
    }

    /// <summary>What a bool property of the block, the model or the tensor's owner computes.</summary>
    private Expression? Getter(string name, INamedTypeSymbol owner) =>
        _frame.Self.Type.Chain().Reverse().Concat(architecture.Chain().Reverse()).Concat(owner.Chain().Reverse()).SelectMany(t => t.GetMembers(name))
            .OfType<IPropertySymbol>()
            .FirstOrDefault(p => p.Type.SpecialType == SpecialType.System_Boolean && !ForwardedMembers.Contains(p)) is { } property
            && HyperParameterTable.GetterExpression(property) is { } computed
            ? WrittenExpressions.Read(computed)
            : null;

    /// <summary>Checks that heads divide what is split into them, as far as symbols tell; numbers are checked when a file is loaded.</summary>
    private bool CheckHeads(OperationCall call) => call.Op switch
    {
        Op.Heads => AttributeDim(Attr.Count, call) is not { } count || call.Shapes[0] is not { Rank: > 0 } x || CheckSplitIntoHeads(call, count, x),
        Op.Attention or Op.CrossAttention => call.Shapes[0] is not { Rank: 3 } q || call.Shapes[1] is not { Rank: 3 } k || CheckSharedHeads(call, q, k),
        _ => true,
    };

    private bool CheckSplitIntoHeads(OperationCall call, Dim count, Shape x)
    {
        if (!Divides(count, x.Last))
        {
            return RefuseHeads(call, call.Places[0]?.Syntax, $"{count} heads do not divide {x.Last}, the last dimension of {x}",
                "heads are all of one size; split off what is none of them first");
        }

        if (OtherHeads(count) is not { } other || !IsFraction(x.Last / count) || IsFraction(x.Last / other)) return true;
        var orCorrect = DeclaredOf(call.Given[0]) is { } declared ? $", or correct the shape of '{declared.Property.Name}'" : "";
        return RefuseHeads(call, null, $"the last dimension of {x} is that of {other} heads, not of {count}", $"write Heads({other}){orCorrect}");
    }

    private bool CheckSharedHeads(OperationCall call, Shape q, Shape k)
    {
        var isSwapped = hyperParameters.KeyOf(q[1].ToString()) == "attention.head_count_kv"
            && hyperParameters.KeyOf(k[1].ToString()) == "attention.head_count";
        if (!isSwapped && Divides(k[1], q[1])) return true;
        var what = $"{k[1]} key heads do not divide {q[1]} query heads (q {q}, k {k})";
        return RefuseHeads(
            call, HeadsOf(call.Op, call.Given[0]) ?? call.Places[0]?.Syntax, what, "several query heads share a key head; are the two swapped?");
    }

    private bool RefuseHeads(OperationCall call, SyntaxNode? operand, string what, string remedy)
    {
        ReportOfTensor(Descriptors.HeadsDivide, (operand ?? call.Place.Syntax).GetLocation(), DeclaredOf(call.Given[0]), isAtFault: false, what, remedy);
        return false;
    }

    /// <summary>The other of the two numbers of heads, of queries and of keys.</summary>
    private Dim? OtherHeads(Dim heads)
    {
        var other = hyperParameters.KeyOf(heads.ToString()) switch
        {
            "attention.head_count" => "attention.head_count_kv",
            "attention.head_count_kv" => "attention.head_count",
            _ => null,
        };
        return other is not null && hyperParameters.Names.FirstOrDefault(n => hyperParameters.KeyOf(n) == other) is { } name ? Dim.Symbol(name) : null;
    }

    private static bool IsFraction(Dim dim) => dim.ToString().Contains("/");

    /// <summary>Where an operand of attention was split into heads: what is wrong with their number or size is wrong there.</summary>
    private SyntaxNode? HeadsOf(Op op, Value? operand) =>
        op is Op.Attention or Op.CrossAttention && operand is TensorValue { Shape.Rank: 3 } tensor
            && _frame.Flow.Origin(tensor.Id, _frame.SplitsIntoHeads.ContainsKey) is { } split
            ? _frame.SplitsIntoHeads[split]
            : null;

    /// <summary>Whether what is being read is of neither a model nor a block, but of a class that several share.</summary>
    private bool IsInHelper => _frame.Inlining.LastOrDefault()?.ContainingType is { } type && !type.DerivesFrom(KnownNames.Model)
        && !type.DerivesFrom(KnownNames.Block);

    /// <summary>The declared tensor that a value is, or is named after.</summary>
    private TensorDeclaration? DeclaredOf(Value? value) => value switch
    {
        ModuleValue module => module.Declaration,
        TensorValue { BaseName: var name } => _frame.Self.Tensors.Values.Concat(root.Tensors.Values).FirstOrDefault(t => t.Model.Name == name),
        _ => null,
    };

    /// <summary>
    /// Reports what does not fit a declared tensor: at the operand; in what several architectures share, at the declaration, or else where that is called.
    /// A tensor that is inherited is at fault if what other variants make of it does not fit either.
    /// </summary>
    private void ReportOfTensor(DiagnosticDescriptor descriptor, Location place, TensorDeclaration? declared, bool isAtFault, params string[] arguments)
    {
        var shape = declared?.Property.Attribute(KnownNames.Tensor)?.Location(null);
        // A part of a library is not here to be corrected: what is wrong is how it is called.
        if (isAtFault || IsInHelper) place = (declared?.Property.IsCarried() == true ? null : shape) ?? _frame.CallLocation ?? place;
        var owner = declared?.Property.ContainingType;
        var isInherited = owner is not null && !SymbolEqualityComparer.Default.Equals(owner.ContainingType ?? owner, architecture);
        var report = descriptor.At(place, arguments);
        Report(isInherited && shape is not null ? report with { Cause = descriptor.At(shape, arguments) } : report);
    }

    /// <summary>Whether stacked experts would fit with rows and columns swapped: then their declaration is wrong, not what they are given.</summary>
    private static bool FitsSwapped(IReadOnlyList<Shape?> operands)
    {
        if (operands[1] is not { Rank: 3 } weight) return false;
        try
        {
            OpTable.Infer(Op.ExpertLinear, [operands[0], new Shape(weight[0], weight[2], weight[1]), .. operands.Skip(2)], _ => null);
            return true;
        }
        catch (ShapeException)
        {
            return false;
        }
    }

    /// <summary>Whether generated code can name a member; reports one that a base keeps to itself.</summary>
    private bool IsReachable(ISymbol member)
    {
        var isOfLibrary = PrivateMembers.IsOfLibrary(member);
        if (member.DeclaredAccessibility != Accessibility.Private && !isOfLibrary) return true;
        var isHere = !isOfLibrary && compilation.IsSymbolAccessibleWithin(member, _frame.Self.Type);
        if (isHere && !ArchitectureParser.IsTurned(architecture, _frame.Self.Type)) return true;
        Report(PrivateMembers.Report(member, architecture));
        return false;
    }

    /// <summary>
    /// Whether it may divide, for some hyper-parameters: a number only without a remainder, and a sum only if none of its terms is a number left over.
    /// </summary>
    private static bool Divides(Dim divisor, Dim dividend)
    {
        if (divisor.IsConstant(out var by) && dividend.IsConstant(out var value)) return by > 0 && value % by == 0;
        return !(dividend / divisor).IsSumWithRest;
    }
}
