using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>The classes of an architecture: itself and its kinds of block.</summary>
internal static partial class ArchitectureParser
{
    private static ClassModel RootClass(Compilation compilation, INamedTypeSymbol type, ClassScope scope, bool isRefused) =>
        new(type.Name, false, type.IsAbstract || !type.DerivesFrom(KnownNames.Model),
            type.BaseType?.Attribute(KnownNames.Architecture) is not null, Members(type), default, Tensors(scope), States(scope),
            scope.Lists.Values.Select(l => WithTensors(type, l)).ToEquatable(), isRefused ? RefusedFunctions(type) : Functions(scope))
        {
            Caches = Caches(scope),
            Lines = isRefused ? default : scope.Lines.ToEquatable(),
            TypeParameters = TypeHeads.TypeParameters(type),
            Base = StandInBase.IsUsedBy(type) ? type.BaseType!.InFull() : null,
            Makers = CheckpointNames.Makers(type).ToEquatable(),
            Forwards = ForwardedMembers.Missing(type, compilation).ToEquatable(),
            Implementations = InterfaceMembers.Implementations(type, type).ToEquatable(),
            Taken = type.GetMembers().Where(DeclarationForm.IsTaken).Select(m => m.Name).ToEquatable(),
        };

    /// <summary>What the base demands, so that a mistake does not entail the compiler's complaint that it is missing.</summary>
    private static EquatableArray<GraphFunction> RefusedFunctions(INamedTypeSymbol type) => type.IsAbstract
        ? default
        : type.Chain().SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>()
            .Where(m => m is { IsAbstract: true, ReturnType.Name: "Tensor", Name: "BuildForward" })
            .Select(m => new GraphFunction(
                m.Name.Substring("Build".Length), Keywords("protected", "override"),
                m.Parameters.Skip(1).Select(p => new ParameterModel(p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), p.Name)).ToEquatable(),
                ResultModel.Tensor, default(EquatableArray<Statement>)))
            .ToEquatable();

    private static BlockListModel WithTensors(INamedTypeSymbol type, BlockListDeclaration list) =>
        list.Model with
        {
            Kinds = list.Model.Kinds.Select((kind, i) => kind with
            {
                Type = ClassOf(type, list.Kinds[i].Type),
                Tensors = Tensors(list.Kinds[i]),
                Functions = Functions(list.Kinds[i]),
            }).ToEquatable(),
        };

    /// <summary>The block classes nested in this architecture; those of its bases are emitted with the bases.</summary>
    private static IEnumerable<ClassModel> BlockClasses(
        Compilation compilation, INamedTypeSymbol type, ClassScope root, DeclarationParser declarations, bool isRefused)
    {
        var lists = root.Lists.Values.ToList();
        var kinds = lists.SelectMany(l => l.Kinds.Zip(l.Model.Kinds, (scope, model) => (Scope: scope, Model: model))).ToList();
        foreach (var block in NestedBlocks(type).OrderBy(t => t.Chain().Count).ThenBy(t => t.DeclaringSyntaxReferences[0].Span.Start))
        {
            var kind = kinds.ConvertAll(k => k.Scope).Find(k => SymbolEqualityComparer.Default.Equals(k.Type, block));
            var scope = kind ?? declarations.Parse(block);
            var functions = kind is not null ? Functions(kind) : AbstractFunctions(block, lists);
            yield return new ClassModel(
                block.Identifier(), true, block.IsAbstract, false, Members(block),
                ForwardedMembers.Of(type, block, compilation).ToEquatable(), Tensors(scope), States(scope), default, functions)
            {
                Caches = Caches(scope),
                TypeParameters = TypeHeads.TypeParameters(block),
                Base = StandInBase.IsUsedBy(block) ? block.BaseType!.InFull() : null,
                Implementations = InterfaceMembers.Implementations(block, type).ToEquatable(),
                DecidedBy = kinds.FirstOrDefault(k => k.Scope == kind).Model?.DecidedBy,
                Lines = scope.Lines.ToEquatable(),
                TakesStream = block.GetMembers("Forward").OfType<IMethodSymbol>().Count(m => !m.IsOverride && m.IsForwardOfStream()) == 1,
            };
        }
    }

    /// <summary>The architecture and its kinds of block.</summary>
    private static IEnumerable<ClassScope> Scopes(ClassScope root) => root.Lists.Values.SelectMany(l => l.Kinds).Prepend(root);

    /// <summary>Counts as used what the tensors ask for that are used. What an abstract architecture declares is for its variants.</summary>
    private static void UseDimensions(INamedTypeSymbol type, ClassScope root, ForwardReader reader, HyperParameterTable hyperParameters)
    {
        var used = Scopes(root).SelectMany(s => s.Tensors.Values).Where(t => type.IsAbstract || reader.IsUsed(t.Property));
        foreach (var name in used.SelectMany(t => t.Uses)) hyperParameters.Use(name);
    }

    private static EquatableArray<string> Keywords(params string[] keywords) => keywords.ToEquatable();

    private static EquatableArray<TensorModel> Tensors(ClassScope scope) => scope.Tensors.Values.Select(t => t.Model).ToEquatable();

    private static EquatableArray<StateModel> States(ClassScope scope) => scope.States.Values.Select(s => s.Model).ToEquatable();

    private static EquatableArray<CacheModel> Caches(ClassScope scope) => scope.Caches.Values.Select(c => c.Model).ToEquatable();

    private static EquatableArray<GraphFunction> Functions(ClassScope scope) => scope.Functions.Values.Select(f => f.Function).ToEquatable();

    /// <summary>What the element type of a list declares so that its kinds can override it.</summary>
    private static EquatableArray<GraphFunction> AbstractFunctions(INamedTypeSymbol block, IEnumerable<BlockListDeclaration> lists)
    {
        var list = lists.FirstOrDefault(l => SymbolEqualityComparer.Default.Equals(l.ElementType, block));
        return list is null
            ? default
            : list.Kinds.Take(1).SelectMany(k => k.Functions.Values).Where(f => !f.IsOfEveryBlock)
                .Select(f => f.Function with { Modifiers = Keywords("public", "abstract"), Body = null }).ToEquatable();
    }

    /// <summary>
    /// Whether a declaration is made anew where a base has one of the same name and type: what the base computes with it is then computed with this one.
    /// </summary>
    private static bool IsShared(IPropertySymbol property, PropertyDeclarationSyntax syntax) =>
        syntax.Modifiers.Any(SyntaxKind.NewKeyword) && property.ContainingType.BaseType is { } parent
        && parent.Chain().Reverse().SelectMany(InterfaceMembers.Declared)
            .FirstOrDefault(p => p.Name == property.Name && !ForwardedMembers.Contains(p)) is { } hidden
        && hidden.IsInSource() && KnownNames.Declarations.Any(a => hidden.Attribute(a) is not null)
        && SymbolEqualityComparer.Default.Equals(hidden.Type, property.Type);

    private static EquatableArray<MemberModel> Members(INamedTypeSymbol type)
    {
        var members = new List<MemberModel>();
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (DeclarationForm.Unimplemented(property) is not { } syntax || property.Type.IsUnknown()) continue;
            members.Add(new MemberModel(
                syntax.Modifiers.Select(m => m.ValueText).ToEquatable(), property.Type.InFull(), property.Name,
                property.NullableAnnotation == NullableAnnotation.Annotated || property.Type.IsValueType)
            {
                Accessors = DeclarationForm.AccessorsOf(syntax).ToEquatable(),
                IsShared = IsShared(property, syntax),
                IsStatic = property.IsStatic,
                IsKeyword = SyntaxFacts.GetKeywordKind(property.Name) != SyntaxKind.None,
            });
        }

        members.AddRange(InterfaceMembers.Of(type).Select(
            p => new MemberModel(Keywords("public"), p.Type.InFull(), p.Name, p.NullableAnnotation == NullableAnnotation.Annotated || p.Type.IsValueType)
            {
                IsKeyword = SyntaxFacts.GetKeywordKind(p.Name) != SyntaxKind.None,
            }));
        return members.ToEquatable();
    }
}
