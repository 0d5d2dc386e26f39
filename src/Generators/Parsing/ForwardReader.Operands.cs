using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
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
            Report(DiagnosticModel.Create(
                Descriptors.ForeignTensor, place.Syntax.GetLocation(), $"'{module.Code}' is a tensor of another block than the one that runs here",
                "use it in the Forward of its block, or pass it to the other block as an argument"));
            return false;
        }

        CheckPresence(place, module);
        return true;
    }

    /// <summary>Warns of a tensor that a file may lack, where it must be there.</summary>
    private void CheckPresence(IOperation place, ModuleValue module)
    {
        if (!module.MayBeAbsent || IsThere(module) || !IsOwn(place.Syntax) || !_unasked.Add(place.Syntax.GetLocation())) return;
        var requiredIf = module.Declaration.Model.RequiredIf;
        reporter(DiagnosticModel.Create(
            Descriptors.OptionalUnasked, place.Syntax.GetLocation(), module.Code,
            requiredIf is null ? $"write if ({module.Code} is not null), or make its type {module.Declaration.Model.Type} without ?"
                : $"write if ({module.Code} is not null), or if ({requiredIf})"));
    }

    private static bool IsNullable(IParameterSymbol parameter) => parameter.NullableAnnotation == NullableAnnotation.Annotated;

    private bool IsThere(ModuleValue module)
    {
        var requirement = module.Declaration.Model.RequiredIf;
        if (_frame.Conditions.Count == 0 && requirement is null) return false;
        var facts = new KnownFacts(compilation, name => Getter(name, module.Declaration.Property.ContainingType));
        foreach (var (condition, holds) in _frame.Conditions) facts.Assume(condition, holds);
        if (module.Index is { } index) facts.Assume($"Index == {index}", holds: true);
        return facts.IsThere(module.Code) || (requirement is not null && facts.Holds(requirement));
    }

    /// <summary>What a bool property of the block, the model or the tensor's owner computes.</summary>
    private Microsoft.CodeAnalysis.CSharp.Syntax.ExpressionSyntax? Getter(string name, INamedTypeSymbol owner) =>
        _frame.Self.Type.Chain().Reverse().Concat(architecture.Chain().Reverse()).Concat(owner.Chain().Reverse()).SelectMany(t => t.GetMembers(name)).OfType<IPropertySymbol>()
            .FirstOrDefault(p => p.Type.SpecialType == SpecialType.System_Boolean && !ForwardedMembers.Contains(p)) is { } property
            ? HyperParameterTable.GetterExpression(property)
            : null;

    /// <summary>Checks that heads divide what is split into them, as far as symbols tell; numbers are checked when a file is loaded.</summary>
    private bool CheckHeads(Op op, IReadOnlyList<Shape?> operands, IReadOnlyList<IOperation?> places, Dim? count, IOperation place)
    {
        if (op == Op.Heads && operands[0] is { Rank: > 0 } x && count is not null && !Divides(count, x.Last))
        {
            return RefuseHeads(places[0], $"{count} heads do not divide {x.Last}, the last dimension of {x}",
                "heads are all of one size; split off what is none of them first");
        }

        if (op is Op.Attention or Op.CrossAttention && operands[0] is { Rank: 3 } q && operands[1] is { Rank: 3 } k)
        {
            var isSwapped = hyperParameters.KeyOf(q[1].ToString()) == "attention.head_count_kv"
                && hyperParameters.KeyOf(k[1].ToString()) == "attention.head_count";
            if (!isSwapped && Divides(k[1], q[1])) return true;
            var what = $"{k[1]} key heads do not divide {q[1]} query heads (q {q}, k {k})";
            return RefuseHeads(places[0], what, "several query heads share a key head; are the two swapped?");
        }

        return true;

        bool RefuseHeads(IOperation? operand, string what, string remedy)
        {
            Report(DiagnosticModel.Create(Descriptors.HeadsDivide, (operand ?? place).Syntax.GetLocation(), what, remedy));
            return false;
        }
    }

    /// <summary>
    /// Whether it may divide, for some hyper-parameters: a number only without a remainder, and a sum only if none of its terms is a number left over.
    /// </summary>
    private static bool Divides(Dim divisor, Dim dividend)
    {
        if (divisor.IsConstant(out var by) && dividend.IsConstant(out var value)) return by > 0 && value % by == 0;
        var terms = (dividend / divisor).ToString().Split([" + ", " - "], StringSplitOptions.None);
        return terms.Length == 1 || !terms.Any(t => t.IndexOf('/') is var slash and > 0 && t.Take(slash).All(char.IsDigit));
    }
}
