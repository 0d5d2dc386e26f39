using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads tensors, states, caches and lists of blocks out of the attributed members of a class and its bases.</summary>
internal sealed class DeclarationParser(Compilation compilation, INamedTypeSymbol architecture, AttributeData attributes, HyperParameterTable hyperParameters, Action<DiagnosticModel> report)
{
    private readonly HashSet<string> _members = new(architecture.Chain().SelectMany(t => t.GetMembers()).Select(m => m.Name), StringComparer.Ordinal);
    private readonly CheckpointNames _names = new(architecture, hyperParameters);
    private bool _epsilonReported;

    /// <summary>Whether something is declared that the compiler refuses: what follows from it stays silent.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>Reads all declarations of a class.</summary>
    public ClassScope Parse(INamedTypeSymbol type)
    {
        var scope = new ClassScope(type);
        foreach (var declaring in type.Chain().Where(t => t.IsInSource()))
        {
            var isOwn = SymbolEqualityComparer.Default.Equals(declaring, type);
            foreach (var property in declaring.Declared())
            {
                if (property.Attribute(KnownNames.Tensor) is { } tensor)
                {
                    CheckPartial(property, isOwn);
                    if (ParseTensor(property, tensor, scope) is { } declaration) scope.Tensors[property.Name] = declaration;
                }
                else if (property.Attribute(KnownNames.State) is { } state)
                {
                    CheckPartial(property, isOwn);
                    if (!CheckType(property, property.Type.Is(KnownNames.StateType), "[State] is a State") || ParseDims(state) is not { } dims) continue;
                    scope.States[property.Name] = new StateDeclaration(property, new StateModel(property.Name, property.Name.ToSnakeCase(), dims.Shape.ToString(), dims.Code), dims.Shape);
                }
                else if (property.Attribute(KnownNames.KvCache) is { } cache)
                {
                    CheckPartial(property, isOwn);
                    if (ParseCache(property, cache) is { } declaration) scope.Caches[property.Name] = declaration;
                }
                else if (property.Attribute(KnownNames.Blocks) is { } blocks)
                {
                    CheckPartial(property, isOwn);
                    if (ParseBlocks(property, blocks) is not { } list) continue;
                    if (scope.Lists.Values.FirstOrDefault(l => l.Model.Property != property.Name && l.Model.Prefix == list.Model.Prefix) is { } twin)
                    {
                        report(Descriptors.DuplicateName.At(property.FirstLocation(), twin.Model.Property, property.Name,
                            list.Model.Prefix));
                    }

                    scope.Lists[property.Name] = list;
                }
                else if (property.Attribute(KnownNames.HyperParameter) is not null)
                {
                    CheckPartial(property, isOwn);
                    CheckType(property, HyperParameterTable.IsType(property.Type), "hyper-parameter is one of int, float, bool, string, PerLayer, RopeScaling");
                }
            }
        }

        return scope;
    }

    private void CheckPartial(IPropertySymbol property, bool isOwn)
    {
        if (!isOwn || !property.IsInSource() || property.ContainingType.TypeKind == TypeKind.Interface) return;
        if (property.DeclaringSyntaxReferences[0].GetSyntax() is PropertyDeclarationSyntax syntax && !syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            report(Descriptors.NotPartial.At(syntax.Identifier.GetLocation(), property.Name));
        }
    }

    private bool CheckType(IPropertySymbol property, bool isKnown, string expected)
    {
        if (isKnown) return true;
        if (property.Type.IsUnknown()) IsInvalid = true;
        else report(Descriptors.TensorType.At(property.FirstLocation(), property.Name, property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), expected));
        return false;
    }

    private bool Refuse(AttributeData attribute, string? argument = null)
    {
        // Members of the model are in scope everywhere: no need to ask the compiler for them.
        if (argument is not null && attribute.Named<string>(argument) is { } name && _members.Contains(name)) return false;
        var isInvalid = attribute.IsInvalid(argument, compilation);
        IsInvalid |= isInvalid;
        return isInvalid;
    }

    private CacheDeclaration? ParseCache(IPropertySymbol property, AttributeData attribute)
    {
        if (!CheckType(property, property.Type.Is(KnownNames.KvCacheType), "[KvCache] is a KvCache") || ParseDims(attribute) is not { } keys) return null;
        var values = keys;
        if (attribute.Named<string>("Values") is not null)
        {
            if (ParseDims(attribute, "Values") is not { } own) return null;
            values = own;
        }

        var model = new CacheModel(property.Name, property.Name.ToSnakeCase(), keys.Code, values.Code);
        return new CacheDeclaration(property, model, keys.Shape, values.Shape);
    }

    /// <summary>The shape that an attribute states, by its own text or by a named argument.</summary>
    private (Shape Shape, string Code)? ParseDims(AttributeData attribute, string? argument = null)
    {
        if (Refuse(attribute, argument)) return null;
        var dims = new List<Dim>();
        var code = new List<string>();
        foreach (var (text, start) in ExpressionParser.SplitList(argument is null ? attribute.Text() : attribute.Named<string>(argument)!))
        {
            if (hyperParameters.Parse(text, attribute.Location(argument), start) is not { } result) return null;
            dims.Add(result.Dim!);
            code.Add(result.Code);
        }

        return (new Shape([.. dims]), "[" + string.Join(", ", code) + "]");
    }

    private TensorDeclaration? ParseTensor(IPropertySymbol property, AttributeData attribute, ClassScope scope)
    {
        var type = property.Type.Name;
        if (!CheckType(property, KnownNames.ModuleTypes.Any(t => property.Type.Is("ArchGen." + t)), "[Tensor] is one of " + string.Join(", ", KnownNames.ModuleTypes))) return null;
        if (ParseDims(attribute) is not { } dims) return null;
        var name = FileNames.Clean(attribute.Named<string>("Name") ?? (property.Name.ToSnakeCase() + (type == "Weight" ? ".weight" : "")));
        var scale = attribute.Named<string>("Scale") is { } ownScale ? FileNames.Clean(ownScale) : null;
        CheckArguments(property, attribute, type);
        var tiedTo = EarlierTensor("TiedTo", attribute, scope, t => t is { Type: "Embedding" or "Linear", Optional: false }, "an Embedding or a Linear, declared before this one, that every file has");

        var model = new TensorModel(
            property.Name, type, name, HyperParameterTable.SplitAlternatives(HuggingFaceName(property, attribute)).Select(FileNames.Clean).ToEquatable(),
            attribute.Named<string>("HfEndings") ?? (type == "Weight" ? "" : ".weight|.bias"), dims.Shape.ToString(), dims.Code,
            property.NullableAnnotation == NullableAnnotation.Annotated, Requirement(attribute, scope), BiasOf(attribute), tiedTo,
            EpsilonOf(property, attribute, type), scale, attribute.Named<bool>("ScaleLast"))
        {
            From = _names.RowsOf(property.Name) ?? FromOf(_names.Rename(property.Name) ?? attribute),
        };
        return new TensorDeclaration(property, model, dims.Shape);
    }

    /// <summary>The method that makes a tensor from the checkpoint's; reports a name that is none.</summary>
    private string? FromOf(AttributeData attribute)
    {
        if (Refuse(attribute, "From") || attribute.Named<string>("From") is not { } name) return null;
        if (_names.Maker(name) is { } maker) return $"{maker}(weights)";
        report(Descriptors.UnknownMember.AtUnknown(attribute.Location("From"), name, CheckpointNames.MakersOf(architecture).Select(m => m.Name), "From", name,
            "a method of the architecture that takes and returns Weights"));
        return null;
    }

    /// <summary>Reports each [Hf] of the architecture that names none of its tensors and lists.</summary>
    public void CheckRenames()
    {
        var names = architecture.Chain().SelectMany(t => t.GetTypeMembers().Prepend(t)).SelectMany(InterfaceTensors.Declared)
            .Where(p => p.Attribute(KnownNames.Tensor) is not null || p.Attribute(KnownNames.Blocks) is not null || p.Attribute(KnownNames.HyperParameter) is not null)
            .Select(p => p.Name).ToList();
        foreach (var fused in architecture.Attributes(KnownNames.HfFused))
        {
            var members = CheckpointNames.Members(fused);
            if (members.FirstOrDefault(m => _names.Tensor(m) is null) is not { } unknown || fused.IsUnbound(compilation)) continue;
            var place = fused.ArgumentLocation(members.ToList().IndexOf(unknown) + 1);
            report(Descriptors.UnknownMember.AtUnknown(place, unknown, names, "[HfFused]", unknown, "a tensor"));
        }

        foreach (var rename in architecture.Attributes(KnownNames.Hf).Where(r => !Refuse(r) && !names.Contains(r.Text())))
        {
            report(Descriptors.UnknownMember.AtUnknown(rename.Location(null), rename.Text(), names, "[Hf]", rename.Text(),
                "a tensor, a list of blocks or a hyper-parameter"));
        }
    }

    /// <summary>What the nearest architecture of the chain says a member is called, or else the member itself.</summary>
    private string? HuggingFaceName(IPropertySymbol property, AttributeData attribute) =>
        _names.Of(property.Name) ?? attribute.Named<string>("Hf");

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
            if (types.Contains(type) || attribute.NamedArguments.FirstOrDefault(a => a.Key == argument).Value is not { Kind: not TypedConstantKind.Error, Value: not (null or 0 or false) }) continue;
            report(Descriptors.ModuleArgument.At(attribute.Location(argument), property.Name, type, argument, string.Join(", ", types)));
        }
    }

    /// <summary>When a file must have a tensor of nullable type, as C#, or null.</summary>
    private string? Requirement(AttributeData attribute, ClassScope scope)
    {
        var absence = EarlierTensor("InsteadOf", attribute, scope, _ => true, "a tensor declared before this one") is { } other ? other + " is null" : null;
        var condition = RequiredIf(attribute, scope);
        return absence is null || condition is null ? absence ?? condition : $"({absence} && {condition})";
    }

    private string? RequiredIf(AttributeData attribute, ClassScope scope)
    {
        if (Refuse(attribute, "RequiredIf") || attribute.Named<string>("RequiredIf") is not { } name) return null;
        var member = scope.Type.Chain().Concat(architecture.Chain()).SelectMany(t => t.GetMembers(name)).OfType<IPropertySymbol>().FirstOrDefault(p => p.Type.SpecialType == SpecialType.System_Boolean);
        if (member is null)
        {
            var candidates = scope.Type.Chain().Concat(architecture.Chain()).SelectMany(t => t.GetMembers()).OfType<IPropertySymbol>().Where(p => p.Type.SpecialType == SpecialType.System_Boolean).Select(p => p.Name);
            report(Descriptors.UnknownMember.AtUnknown(attribute.Location("RequiredIf"), name, candidates, "RequiredIf", name,
                "a bool property of the block or the model"));
            return null;
        }

        hyperParameters.Use(name);
        hyperParameters.UseAllIn(member);
        return name;
    }

    private static string BiasOf(AttributeData attribute) => attribute.Named<int>("Bias") switch { 1 => "Optional", 2 => "Required", _ => "None" };

    private string? EpsilonOf(IPropertySymbol property, AttributeData attribute, string type)
    {
        if (type is not ("RmsNorm" or "LayerNorm")) return null;
        if (Refuse(attribute, "Epsilon")) return "0";
        var own = attribute.Named<string>("Epsilon");
        if (own is null && Refuse(attributes, "Epsilon")) return "0";
        if ((own ?? attributes.Named<string>("Epsilon")) is not { } name)
        {
            // One for all norms is missing, so one norm speaks for all; what a variant leaves out is missing there.
            var place = IsOwn(property) ? property.FirstLocation() : attributes.Location();
            var missing = Descriptors.EpsilonUnstated.At(place, property.Name);
            if (!_epsilonReported) report(missing with { Remedy = type == "RmsNorm" ? "RmsEpsilon" : "LayerNormEpsilon" });
            _epsilonReported = true;
            return "0";
        }

        if (!hyperParameters.IsNumber(name))
        {
            report(Descriptors.UnknownMember.AtUnknown((own is null ? attributes : attribute).Location("Epsilon"), name,
                hyperParameters.Names.Where(hyperParameters.IsNumber), "Epsilon", name, "a numeric hyper-parameter"));
        }

        hyperParameters.Resolve(name);

        return name;
    }

    private bool IsOwn(ISymbol member) => new[] { member.ContainingType, member.ContainingType.ContainingType }.Any(t => SymbolEqualityComparer.Default.Equals(t, architecture));

    private BlockListDeclaration? ParseBlocks(IPropertySymbol property, AttributeData attribute)
    {
        if (property.Type.IsUnknown())
        {
            IsInvalid = true;
            return null;
        }

        if (!property.Type.Is(KnownNames.BlockList) || ((INamedTypeSymbol)property.Type).TypeArguments.FirstOrDefault() is not INamedTypeSymbol element)
        {
            report(Descriptors.BlockKinds.At(property.FirstLocation(), $"'{property.Name}' has [Blocks], so its type must be BlockList<T> of a class derived from Block"));
            return null;
        }

        if (!element.DerivesFrom(KnownNames.Block)) IsInvalid = true;
        if (IsInvalid || Refuse(attribute) || Refuse(attribute, "Count")) return null;
        var count = attribute.Named<string>("Count");
        if (count is null)
        {
            report(Descriptors.BlockCount.At(property.FirstLocation(), property.Name,
                "count; add Count = nameof(BlockCount) to [Blocks]"));
            return null;
        }

        foreach (var (argument, text) in new[] { (null, attribute.Text()), ("Hf", attribute.Named<string>("Hf")) })
        {
            if (text is null || text.Split('|').All(t => t.Contains("{i}"))) continue;
            report(Descriptors.BlockCount.At(attribute.Location(argument), property.Name,
                $"pattern: every block would be named '{text}'; write {{i}} where its number stands, as in blk.{{i}}"));
            return null;
        }

        if (hyperParameters.Parse(count, attribute.Location("Count")) is null) return null;
        var unused = attribute.Named<string>("Unused");
        if (unused is not null && (Refuse(attribute, "Unused") || hyperParameters.Parse(unused, attribute.Location("Unused")) is null)) return null;
        var kinds = Kinds(property, element);
        if (kinds is null) return null;
        var scopes = kinds.Select(k => Parse(k.Type)).ToList();
        var model = new BlockListModel(
            property.Name, element.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), FileNames.Clean(attribute.Text()),
            HuggingFaceName(property, attribute) is { } hf ? FileNames.Clean(hf) : "", count,
            kinds.Select(k => new BlockKindModel(k.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), k.Condition, default, default)).ToEquatable());
        return new BlockListDeclaration(property, model with { Unused = unused }, element, scopes);
    }

    /// <summary>The kinds that may stand in a list: those nested in the architecture, or else in the nearest base that has any. Conditional ones come first.</summary>
    private List<(INamedTypeSymbol Type, string? Condition)>? Kinds(IPropertySymbol property, INamedTypeSymbol element)
    {
        foreach (var container in architecture.Chain().Reverse())
        {
            var candidates = container.GetTypeMembers().Where(t => !t.IsAbstract && t.DerivesFrom(element)).ToList();
            if (candidates.Exists(c => !StandInBase.IsUsedBy(c))) candidates.RemoveAll(StandInBase.IsUsedBy);
            if (candidates.Count == 0) continue;
            var kinds = new List<(INamedTypeSymbol Type, string? Condition)>();
            foreach (var type in candidates)
            {
                var when = type.Attribute(KnownNames.When);
                kinds.Add((type, when is null ? null : Condition(when)));
            }

            var otherwise = kinds.Where(k => k.Condition is null).ToList();
            if (otherwise.Count == 1) return [.. kinds.Where(k => k.Condition is not null), otherwise[0]];
            report(Descriptors.BlockKinds.At((otherwise.Count == 0 ? property : (ISymbol)otherwise[1].Type).FirstLocation(),
                otherwise.Count == 0
                    ? $"Each kind of block in '{property.Name}' has a condition; one must have none, to stand everywhere else"
                    : $"'{otherwise[0].Type.Name}' and '{otherwise[1].Type.Name}' are both in '{property.Name}' without a condition; add [When(nameof(...))] to one of them"));
            return null;
        }

        // An abstract architecture may leave the kinds to its variants.
        if (architecture.IsAbstract) return [];
        report(Descriptors.BlockKinds.At(property.FirstLocation(), $"'{property.Name}' has no kind of block: declare a class in {architecture.Name} that derives from {element.Name}"));
        return null;
    }

    private string Condition(AttributeData when)
    {
        if (Refuse(when)) return "false";
        var name = when.Text();
        var candidates = architecture.Chain().Reverse().SelectMany(t => t.GetMembers()).Where(m => IsFlag(m) || IsFlagOfBlock(m)).ToList();
        if (candidates.FirstOrDefault(m => m.Name == name) is { } member)
        {
            hyperParameters.Use(name);
            hyperParameters.UseAllIn(member);
            return IsFlag(member) ? name : name + "(i)";
        }

        report(Descriptors.UnknownMember.AtUnknown(when.Location(null), name, candidates.Select(m => m.Name),
            "[When]", name, $"a bool property or a bool method of one int in {architecture.Name}"));
        return "false";

        static bool IsFlag(ISymbol member) => member is IPropertySymbol { Type.SpecialType: SpecialType.System_Boolean };

        static bool IsFlagOfBlock(ISymbol member) =>
            member is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean, Parameters: { Length: 1 } parameters } && parameters[0].Type.SpecialType == SpecialType.System_Int32;
    }
}
