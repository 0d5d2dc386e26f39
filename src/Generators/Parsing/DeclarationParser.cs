using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads tensors, states, caches and lists of blocks out of the attributed members of a class and its bases.</summary>
internal sealed partial class DeclarationParser(
    Compilation compilation, INamedTypeSymbol architecture, AttributeData attributes, HyperParameterTable hyperParameters, Action<DiagnosticModel> report)
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
                    if (ReadTensor(property, tensor, scope) is { } declaration) scope.Tensors[property.Name] = declaration;
                }
                else if (property.Attribute(KnownNames.State) is { } state)
                {
                    CheckPartial(property, isOwn);
                    if (!CheckType(property, property.Type.Is(KnownNames.StateType), "[State] is a State") || ParseDims(state) is not { } dims) continue;
                    scope.States[property.Name] = new StateDeclaration(
                        property, new StateModel(property.Name, property.Name.ToSnakeCase(), dims.Dims), dims.Shape);
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
                    if (scope.Lists.Values.FirstOrDefault(l => l.Model.Property != property.Name && l.Model.Prefix == list.Model.Prefix
                        && Equals(l.Model.First, list.Model.First)) is { } twin)
                    {
                        report(Descriptors.DuplicateName.At(property.FirstLocation(), twin.Model.Property, property.Name,
                            list.Model.Prefix));
                    }

                    scope.Lists[property.Name] = list;
                }
                else if (property.Attribute(KnownNames.HyperParameter) is not null)
                {
                    CheckPartial(property, isOwn);
                    CheckType(property, HyperParameterTable.IsType(property.Type),
                        "hyper-parameter is one of int, float, bool, string, PerLayer<T>, LayerPattern, RopeScaling");
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
        IsInvalid |= property.Type.IsUnknown();
        var type = property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (!property.Type.IsUnknown()) report(Descriptors.TensorType.At(property.FirstLocation(), property.Name, type, expected));
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

        var model = new CacheModel(property.Name, property.Name.ToSnakeCase(), keys.Dims, values.Dims);
        return new CacheDeclaration(property, model, keys.Shape, values.Shape);
    }

    /// <summary>The shape that an attribute states, by its own text or by a named argument: in normal form, and as it is written.</summary>
    private (Shape Shape, EquatableArray<Expression> Dims)? ParseDims(AttributeData attribute, string? argument = null)
    {
        if (Refuse(attribute, argument)) return null;
        var dims = new List<Dim>();
        var written = new List<Expression>();
        foreach (var (text, start) in ExpressionParser.SplitList(argument is null ? attribute.Text() : attribute.Named<string>(argument)!))
        {
            if (hyperParameters.Parse(text, attribute.Location(argument), start) is not { } result) return null;
            dims.Add(result.Dim!);
            written.Add(result.Expression!);
        }

        return (new Shape([.. dims]), written.ToEquatable());
    }

    /// <summary>Reports each [Hf] of the architecture that names none of its tensors and lists, and a scheme of names that has none.</summary>
    public void CheckRenames()
    {
        if (CheckpointNames.SchemeOf(architecture) is { TypeKind: not TypeKind.Error } scheme && !CheckpointNames.NamesIn(scheme).Any())
        {
            report(Descriptors.UnknownMember.At(architecture.Attribute(KnownNames.Names)!.ArgumentLocation(0), "[Names]", scheme.Name,
                "a class of names, such as const string AttnQ = \"self_attn.q_proj\"", ""));
        }

        var names = architecture.Chain().SelectMany(t => t.GetTypeMembers().Prepend(t)).SelectMany(InterfaceMembers.Declared)
            .Where(p => p.Attribute(KnownNames.Tensor) is not null || p.Attribute(KnownNames.Blocks) is not null
                || p.Attribute(KnownNames.HyperParameter) is not null)
            .Select(p => p.Name).ToList();
        foreach (var several in architecture.Attributes(KnownNames.HfFused).Concat(architecture.Attributes(KnownNames.HfFrom)))
        {
            if (several.IsUnbound(compilation)) continue;
            var isLayout = several.AttributeClass!.Is(KnownNames.HfFrom);
            var members = CheckpointNames.Members(several);
            var word = isLayout ? "[HfFrom]" : "[HfFused]";
            if (isLayout && _names.Maker(several.Text()) is null) ReportMaker(several.ArgumentLocation(0), several.Text(), word);
            if (members.Count == 0)
                report(Descriptors.DeclarationForm.At(several.Location(), word + " names no tensor", "add those that it holds for: nameof(AttnQ)"));
            if (members.FirstOrDefault(m => _names.Tensor(m) is null || (isLayout && _names.RowsOf(m) is not null)) is not { } wrong) continue;
            report(Descriptors.UnknownMember.AtUnknown(several.ArgumentLocation(members.ToList().IndexOf(wrong) + 1), wrong,
                names.Where(n => n != wrong), word, wrong, _names.Tensor(wrong) is null ? "a tensor" : "in a module of its own: [HfFused] names it too"));
        }

        CheckTrained();
        CheckUntied();
        foreach (var rename in architecture.Attributes(KnownNames.Hf).Where(r => !Refuse(r) && !names.Contains(r.Text())))
        {
            report(Descriptors.UnknownMember.AtUnknown(rename.Location(null), rename.Text(), names, "[Hf]", rename.Text(),
                "a tensor, a list of blocks or a hyper-parameter"));
        }
    }

    /// <summary>Reports each [Untied] that names no tied tensor of a base.</summary>
    private void CheckUntied()
    {
        var tied = architecture.Chain().Reverse().Skip(1).SelectMany(t => t.GetMembers()).OfType<IPropertySymbol>()
            .Where(p => p.Attribute(KnownNames.Tensor)?.Named<string>("TiedTo") is not null).Select(p => p.Name).ToList();
        foreach (var untied in architecture.Attributes(KnownNames.Untied).Where(u => !Refuse(u) && !tied.Contains(u.Text())))
        {
            report(Descriptors.UnknownMember.AtUnknown(untied.Location(null), untied.Text(), tied, "[Untied]", untied.Text(),
                "an inherited tensor that is tied to another one"));
        }
    }

    /// <summary>Reports each [HfTensor] that names no hyper-parameter, or a method that there is not.</summary>
    private void CheckTrained()
    {
        foreach (var trained in architecture.Attributes(KnownNames.HfTensor).Where(t => !Refuse(t)))
        {
            if (hyperParameters.KeyOf(trained.Text()) is null)
            {
                report(Descriptors.UnknownMember.AtUnknown(trained.Location(null), trained.Text(), architecture.HyperParameterNames(), "[HfTensor]",
                    trained.Text(), "a hyper-parameter"));
            }

            MethodOf(trained);
        }
    }

    /// <summary>What the nearest architecture of the chain says a member is called, or else the member itself.</summary>
    private string? HuggingFaceName(IPropertySymbol property, AttributeData attribute) =>
        _names.Of(property, attribute).Name;

    private bool IsOwn(ISymbol member) =>
        new[] { member.ContainingType, member.ContainingType.ContainingType }.Any(t => SymbolEqualityComparer.Default.Equals(t, architecture));
}
