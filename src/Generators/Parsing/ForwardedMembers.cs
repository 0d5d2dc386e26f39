using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// A block uses its model's hyper-parameters and tensors as its own: generated members forward them. Forward passes are bound
/// against a compilation that has these members already, made once per compilation and shared by all files that are read in it.
/// </summary>
internal static class ForwardedMembers
{
    private const string Path = "ArchGen.ForwardedMembers.g.cs";

    private static readonly ConditionalWeakTable<Compilation, Compilation> Augmented = new();

    private static readonly ConditionalWeakTable<string, SyntaxTree> Trees = new();

    /// <summary>The compilation with the forwarded members of every file's architectures.</summary>
    public static Compilation AddTo(Compilation compilation, ImmutableArray<string> texts) =>
        Augmented.GetValue(compilation, c => WithoutNullableAnalysis(c).AddSyntaxTrees(texts.Select(text => Parse(text, c.SyntaxTrees.First().Options))));

    /// <summary>
    /// What is declared nullable is so all the same; that forward passes respect it is the compiler's to check, and costs as much as all else.
    /// </summary>
    private static Compilation WithoutNullableAnalysis(Compilation compilation) =>
        compilation.WithOptions(((CSharpCompilationOptions)compilation.Options).WithNullableContextOptions(NullableContextOptions.Disable));

    /// <summary>The forwarded members of a file's architectures, as C#; empty if there are none.</summary>
    public static string In(DeclarationFile file)
    {
        var text = new StringBuilder();
        foreach (var type in file.Candidates().Where(t => t is { IsStatic: false, IsFileLocal: false })) Write(text, type, file.Compilation);
        return text.ToString();
    }

    /// <summary>Whether this member was added here.</summary>
    public static bool Contains(ISymbol member) => member.DeclaringSyntaxReferences.Length > 0 && Contains(member.DeclaringSyntaxReferences[0].SyntaxTree);

    /// <summary>Whether this tree was added here.</summary>
    public static bool Contains(SyntaxTree tree) => tree.FilePath == Path;

    /// <summary>
    /// What a block class forwards: all that its model has, unless a class that it derives from forwards it. What an architecture declares itself may be
    /// overridden: another one may have a block that derives from its block, and then forwards its own member of that name.
    /// </summary>
    public static IEnumerable<ForwardModel> Of(INamedTypeSymbol type, INamedTypeSymbol block, Compilation compilation)
    {
        var baseContainer = block.BaseType?.ContainingType;
        if (SymbolEqualityComparer.Default.Equals(baseContainer, type)) yield break;
        var own = new HashSet<string>(block.Chain().SelectMany(t => t.GetMembers()).Where(m => !Contains(m)).Select(m => m.Name), StringComparer.Ordinal);
        own.UnionWith(block.Chain().SelectMany(InterfaceMembers.Of).Select(p => p.Name));
        var inherited = StandInBase.ChainOf(type, compilation).SelectMany(t => t.Declared().Select(p => (Owner: t, Property: p)));
        foreach (var (owner, property) in inherited.OrderBy(p => p.Property.Name, StringComparer.Ordinal))
        {
            if (!IsForwarded(property) || !own.Add(property.Name)) continue;
            if (baseContainer is not null && baseContainer.DerivesFrom(owner)) continue;
            var perLayer = property.Type.Is(KnownNames.PerLayer);
            var typeName = TypeInBlock(property.Type);
            var modifier = baseContainer is not null && ForwardedType(baseContainer, property.Name) is { } overridden
                ? (overridden == typeName ? "override" : "new")
                : owner.IsInSource() && !block.IsSealed ? "virtual" : null;
            var isSound = type.DerivesFrom(KnownNames.Model) && !property.IsStatic && property.ContainingType.GetMembers(property.Name).Length == 1;
            yield return new ForwardModel(modifier, typeName, property.Name, isSound ? ValueInModel(owner, property, perLayer) : null);
        }

        // What an interface computes is a member of the block too, so that shapes and conditions can name it.
        foreach (var property in InterfaceMembers.New(block).SelectMany(i => i.GetMembers()).OfType<IPropertySymbol>())
        {
            if (!HyperParameterTable.IsDerivedScalar(property) || !own.Add(property.Name)) continue;
            var self = new CastExpression(property.ContainingType.InFull(), new NameExpression("this"));
            yield return new ForwardModel(null, Display(property.Type), property.Name, new MemberExpression(self, property.Name));
        }
    }

    /// <summary>What a model's property is to one of its blocks.</summary>
    private static Expression ValueInModel(INamedTypeSymbol owner, IPropertySymbol property, bool perLayer)
    {
        var type = owner.AllInterfaces.Contains(property.ContainingType, SymbolEqualityComparer.Default) ? property.ContainingType : owner;
        var model = new CastExpression(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), new NameExpression("Model"));
        var value = new MemberExpression(model, property.Name);
        return perLayer ? new ElementExpression(value, new NameExpression("Index")) : value;
    }

    /// <summary>The hyper-parameters that a class misses which derives from none that has any: reported as that, it is not reported for each of them.</summary>
    public static IEnumerable<ForwardModel> Missing(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.DerivesFrom(KnownNames.Model)) return [];
        var own = new HashSet<string>(type.Chain().SelectMany(t => t.GetMembers()).Select(m => m.Name), StringComparer.Ordinal);
        return StandInBase.ChainOf(type, compilation).SelectMany(InterfaceMembers.Declared).Where(p => IsForwarded(p) && own.Add(p.Name))
            .Select(p => new ForwardModel(null, Display(p.Type), p.Name, null));
    }

    /// <summary>The type of a hyper-parameter inside a block: a PerLayer is that block's value.</summary>
    private static string TypeInBlock(ITypeSymbol type) => Display(HyperParameterTable.PerLayerType(type) ?? type);

    private static string Display(ITypeSymbol type) => HyperParameterTable.TypeName(type) is "int" or "float" or "bool"
        ? HyperParameterTable.TypeName(type)
        : type.InFull();

    /// <summary>The type of the member that blocks of an architecture may override, or null if there is none.</summary>
    private static string? ForwardedType(INamedTypeSymbol architecture, string name) => architecture.Attribute(KnownNames.Architecture) is null ? null
        : architecture.Chain().SelectMany(InterfaceMembers.Declared).FirstOrDefault(p => p.Name == name && p.IsInSource() && IsForwarded(p)) is not { } property
            ? null
            : TypeInBlock(property.Type);

    private static bool IsForwarded(IPropertySymbol property) => IsDeclared(property) || HyperParameterTable.IsDerivedScalar(property);

    /// <summary>
    /// Whether a property is a hyper-parameter, a tensor or a cache. The usual spelling tells without binding its attributes, which is done once more later.
    /// </summary>
    private static bool IsDeclared(IPropertySymbol property)
    {
        if (property.SpelledAttributes() is { } attributes)
        {
            if (attributes.Any(a => a is "Tensor" or "KvCache" or "HyperParameter")) return true;
            if (attributes.All(a => a is "State" or "Blocks")) return false;
        }

        return new[] { KnownNames.HyperParameter, KnownNames.Tensor, KnownNames.KvCache }.Any(a => property.Attribute(a) is not null);
    }

    /// <summary>The tree of a text; a text that is kept from an earlier run has its tree already.</summary>
    private static SyntaxTree Parse(string text, ParseOptions options)
    {
        if (Trees.TryGetValue(text, out var known) && known.Options.Equals(options)) return known;
        Trees.Remove(text);
        return Trees.GetValue(text, t => CSharpSyntaxTree.ParseText("#nullable enable annotations\n" + t, (CSharpParseOptions)options, Path, Encoding.UTF8));
    }

    private static void Write(StringBuilder text, INamedTypeSymbol type, Compilation compilation)
    {
        var heads = TypeHeads.Outer(type).Select(o => o.Head()).ToList();
        if (!type.ContainingNamespace.IsGlobalNamespace) heads.Insert(0, "namespace " + type.ContainingNamespace.ToDisplayString());
        foreach (var head in heads) text.Append(head).Append("\n{\n");
        Open(text, type, StandInBase.Of(type, compilation));
        InterfaceMembers.WriteStubs(text, type);
        foreach (var block in type.GetTypeMembers())
        {
            var standIn = StandInBase.OfBlock(block, compilation);
            if (standIn is null && !block.DerivesFrom(KnownNames.Block)) continue;
            Open(text, block, standIn);
            foreach (var forward in Of(type, block, compilation)) text.Append(forward.ToCSharp()).Append('\n');
            InterfaceMembers.WriteStubs(text, block);
            text.Append("}\n");
        }

        text.Append("}\n");
        foreach (var _ in heads) text.Append("}\n");
    }

    private static void Open(StringBuilder text, INamedTypeSymbol type, INamedTypeSymbol? standIn)
    {
        text.Append("partial class ").Append(type.Identifier()).Append(DeclarationNotation.TypeParameters(TypeHeads.TypeParameters(type)));
        if (standIn is not null) text.Append(" : ").Append(standIn.InFull());
        text.Append("\n{\n");
    }
}
