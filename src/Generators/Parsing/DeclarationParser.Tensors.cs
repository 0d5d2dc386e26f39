using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Tensors.</summary>
internal sealed partial class DeclarationParser
{
    /// <summary>What stands for an epsilon that is reported.</summary>
    private static readonly Expression NoEpsilon = new ConstantExpression(0);

    /// <summary>Reads a tensor. One that is inherited, and that nothing here uses, asks nothing of a file: neither itself nor its dimensions.</summary>
    private TensorDeclaration? ReadTensor(IPropertySymbol property, AttributeData attribute, ClassScope scope)
    {
        if (IsOwn(property)) return ParseTensor(property, attribute, scope);
        TensorDeclaration? tensor = null;
        var uses = hyperParameters.UsesOf(() => tensor = ParseTensor(property, attribute, scope));
        return tensor is null ? null : new TensorDeclaration(property, tensor.Model, tensor.Shape) { Uses = uses };
    }

    private TensorDeclaration? ParseTensor(IPropertySymbol property, AttributeData attribute, ClassScope scope)
    {
        var type = property.Type.Name;
        if (!CheckType(property, property.Type.IsModule(), "[Tensor] is one of " + string.Join(", ", KnownNames.ModuleTypes)))
        {
            return null;
        }

        if (ParseDims(attribute) is not { } dims) return null;
        var name = FileNames.Clean(attribute.Named<string>("Name") ?? (property.Name.ToSnakeCase() + (type == "Weight" ? ".weight" : "")));
        var scale = attribute.Named<string>("Scale") is { } ownScale ? FileNames.Clean(ownScale) : null;
        CheckArguments(property, attribute, type);
        var tiedTo = IsUntied(property) ? null : EarlierTensor("TiedTo", attribute, scope, t => t is { Type: "Embedding" or "Linear", Optional: false },
            "an Embedding or a Linear, declared before this one, that every file has");

        var requirement = Requirement(attribute, scope);
        var (source, from) = _names.Of(property, attribute);
        var (weightEnding, biasEnding) = EndingsOf(attribute, type);
        var model = new TensorModel(
            property.Name, type, name, HyperParameterTable.SplitAlternatives(source).Select(FileNames.Clean).ToEquatable(),
            weightEnding, biasEnding, dims.Shape, dims.Dims,
            property.NullableAnnotation == NullableAnnotation.Annotated || requirement is not null, requirement, BiasOf(attribute), tiedTo,
            EpsilonOf(property, attribute, type), scale)
        {
            From = _names.RowsOf(property.Name) ?? (TensorSource?)LayoutOf(property.Name) ?? MethodOf(from),
        };
        return new TensorDeclaration(property, model, dims.Shape);
    }

    /// <summary>The method of an [HfFrom], which is checked with it.</summary>
    private MethodSource? LayoutOf(string tensor) =>
        _names.LayoutOf(tensor) is { } layout && _names.Maker(layout.Text()) is { } maker ? new MethodSource(maker) : null;

    /// <summary>The method that makes a tensor from the checkpoint's; reports a name that is none.</summary>
    private MethodSource? MethodOf(AttributeData? attribute)
    {
        if (attribute is null || Refuse(attribute, "From") || attribute.Named<string>("From") is not { } name) return null;
        if (_names.Maker(name) is { } maker) return new MethodSource(maker);
        ReportMaker(attribute.Location("From"), name, "From");
        return null;
    }

    /// <summary>Whether a class that inherits a tensor says that it is not tied there.</summary>
    private bool IsUntied(IPropertySymbol property) => architecture.Chain()
        .Where(t => !SymbolEqualityComparer.Default.Equals(t, property.ContainingType) && t.DerivesFrom(property.ContainingType))
        .SelectMany(t => t.Attributes(KnownNames.Untied)).Any(u => u.Text() == property.Name);

    private void ReportMaker(Location place, string name, string where) => report(Descriptors.UnknownMember.AtUnknown(
        place, name, CheckpointNames.MakersOf(architecture).Select(m => m.Name), where, name, "a method of the architecture that takes and returns Weights"));

    /// <summary>The tensor that an argument names: one declared before; reports a name that is none.</summary>
    private string? EarlierTensor(string argument, AttributeData attribute, ClassScope scope, Func<TensorModel, bool> serves, string expected)
    {
        if (Refuse(attribute, argument) || attribute.Named<string>(argument) is not { } name) return null;
        if (scope.Tensors.TryGetValue(name, out var tensor) && serves(tensor.Model)) return name;
        var candidates = scope.Tensors.Values.Where(t => serves(t.Model)).Select(t => t.Model.Property);
        var unknown = Descriptors.UnknownMember.AtUnknown(attribute.Location(argument), name, candidates, argument, name, expected);
        var cause = tensor is null || IsOwn(tensor.Property) ? null : Descriptors.UnknownMember.At(tensor.Property.FirstLocation(), [.. unknown.Arguments]);
        report(unknown with { Cause = cause });
        return null;
    }

    /// <summary>Reports arguments that a tensor of this type has no use for.</summary>
    private void CheckArguments(IPropertySymbol property, AttributeData attribute, string type)
    {
        foreach (var (argument, types) in KnownNames.ModuleArguments)
        {
            var given = attribute.NamedArguments.FirstOrDefault(a => a.Key == argument).Value;
            if (types.Contains(type) || given is not { Kind: not TypedConstantKind.Error, Value: not (null or 0 or false) }) continue;

            report(Descriptors.ModuleArgument.At(attribute.Location(argument), property.Name, type, argument, string.Join(", ", types)));
        }
    }

    /// <summary>When a file must have a tensor that it may lack, or null.</summary>
    private Expression? Requirement(AttributeData attribute, ClassScope scope)
    {
        var absence = EarlierTensor("InsteadOf", attribute, scope, t => t.Optional, "an optional tensor declared before this one") is { } other
            ? new PresenceExpression(new NameExpression(other), IsThere: false) : null;
        var condition = RequiredIf(attribute, scope);
        return absence is null || condition is null ? absence ?? condition : Expression.And(absence, condition);
    }

    private Expression? RequiredIf(AttributeData attribute, ClassScope scope)
    {
        if (Refuse(attribute, "RequiredIf") || attribute.Named<string>("RequiredIf") is not { } name) return null;
        var member = scope.Type.Chain().Concat(architecture.Chain()).SelectMany(t => t.GetMembers(name)).OfType<IPropertySymbol>()
            .FirstOrDefault(p => p.Type.SpecialType == SpecialType.System_Boolean);
        if (member is null)
        {
            var candidates = scope.Type.Chain().Concat(architecture.Chain()).SelectMany(t => t.GetMembers()).OfType<IPropertySymbol>()
                .Where(p => p.Type.SpecialType == SpecialType.System_Boolean).Select(p => p.Name);
            report(Descriptors.UnknownMember.AtUnknown(attribute.Location("RequiredIf"), name, candidates, "RequiredIf", name,
                "a bool property of the block or the model"));
            return null;
        }

        hyperParameters.Use(name);
        hyperParameters.UseAllIn(member);
        return new NameExpression(name);
    }

    private static Presence BiasOf(AttributeData attribute) => attribute.Named<int>("Bias") switch
    {
        1 => Presence.Optional,
        2 => Presence.Required,
        _ => Presence.None,
    };

    /// <summary>What follows a module's name in a checkpoint, for its weight and for its bias; one ending stands for both.</summary>
    private static (string Weight, string Bias) EndingsOf(AttributeData attribute, string type)
    {
        if (attribute.Named<string>("HfEndings") is not { } text) return type == "Weight" ? ("", "") : (".weight", ".bias");
        var endings = text.Split('|');
        return (endings[0], endings[endings.Length - 1]);
    }

    private Expression? EpsilonOf(IPropertySymbol property, AttributeData attribute, string type)
    {
        if (type is not ("RmsNorm" or "LayerNorm")) return null;
        if (Refuse(attribute, "Epsilon")) return NoEpsilon;
        var own = attribute.Named<string>("Epsilon");
        var name = own ?? (type == "RmsNorm" ? "RmsEpsilon" : "LayerNormEpsilon");
        if (!hyperParameters.IsNumber(name) && own is null)
        {
            // The hyper-parameter of all norms is missing, so one norm speaks for all.
            var place = IsOwn(property) ? property.FirstLocation() : attributes.Location();
            if (!_epsilonReported) report(Descriptors.EpsilonUnstated.At(place, property.Name, name));
            _epsilonReported = true;
            return NoEpsilon;
        }

        if (!hyperParameters.IsNumber(name))
        {
            report(Descriptors.UnknownMember.AtUnknown(attribute.Location("Epsilon"), name, hyperParameters.Names.Where(hyperParameters.IsNumber),
                "Epsilon", name, "a numeric hyper-parameter"));
        }

        hyperParameters.Resolve(name);
        return new NameExpression(name);
    }
}
