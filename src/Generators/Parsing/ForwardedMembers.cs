using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Generators.Model;
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

    /// <summary>What is declared nullable is so all the same; that forward passes respect it is the compiler's to check, and costs as much as all else.</summary>
    private static Compilation WithoutNullableAnalysis(Compilation compilation) =>
        compilation.WithOptions(((CSharpCompilationOptions)compilation.Options).WithNullableContextOptions(NullableContextOptions.Disable));

    /// <summary>The forwarded members of a file's architectures, as C#; empty if there are none.</summary>
    public static string In(DeclarationFile file)
    {
        var text = new StringBuilder();
        foreach (var type in file.Candidates()) Write(text, type);
        return text.ToString();
    }

    /// <summary>Whether this member was added here.</summary>
    public static bool Contains(ISymbol member) => member.DeclaringSyntaxReferences.Length > 0 && member.DeclaringSyntaxReferences[0].SyntaxTree.FilePath == Path;

    /// <summary>
    /// What a block class forwards: all that its model has, unless a class that it derives from forwards it. What an architecture declares itself may be
    /// overridden: another one may have a block that derives from its block, and then forwards its own member of that name.
    /// </summary>
    public static IEnumerable<ForwardModel> Of(INamedTypeSymbol type, INamedTypeSymbol block)
    {
        var baseContainer = block.BaseType?.ContainingType;
        if (SymbolEqualityComparer.Default.Equals(baseContainer, type)) yield break;
        var own = new HashSet<string>(block.Chain().SelectMany(t => t.GetMembers()).Where(m => !Contains(m)).Select(m => m.Name), StringComparer.Ordinal);
        own.UnionWith(block.Chain().SelectMany(InterfaceTensors.Of).Select(p => p.Name));
        foreach (var property in type.Chain().SelectMany(InterfaceTensors.Declared).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (!IsForwarded(property) || !own.Add(property.Name)) continue;
            if (baseContainer is not null && baseContainer.DerivesFrom(property.ContainingType)) continue;
            var modifier = baseContainer is not null && Forwards(baseContainer, property.Name) ? "override "
                : property.ContainingType.IsInSource() && !block.IsSealed ? "virtual "
                : "";
            var model = $"(({property.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})Model)";
            var perLayer = property.Type.Is(KnownNames.PerLayer);
            var typeName = perLayer ? "int" : Display(property.Type);
            yield return new ForwardModel(modifier, typeName, property.Name, $"{model}.{property.Name}{(perLayer ? "[Index]" : "")}");
        }
    }

    private static string Display(ITypeSymbol type) => HyperParameterTable.TypeName(type) is "int" or "float" or "bool"
        ? HyperParameterTable.TypeName(type)
        : type.InFull();

    private static bool Forwards(INamedTypeSymbol architecture, string name) =>
        architecture.Chain().SelectMany(InterfaceTensors.Declared).Any(p => p.Name == name && p.IsInSource() && IsForwarded(p));

    private static bool IsForwarded(IPropertySymbol property) => IsDeclared(property) || HyperParameterTable.IsDerivedScalar(property);

    /// <summary>Whether a property is a hyper-parameter or a tensor. The usual spelling tells without binding its attributes, which is done once more later.</summary>
    private static bool IsDeclared(IPropertySymbol property)
    {
        if (property.SpelledAttributes() is { } attributes)
        {
            if (attributes.Any(a => a is "Tensor" or "HyperParameter")) return true;
            if (attributes.All(a => a is "State" or "Blocks")) return false;
        }

        return property.Attribute(KnownNames.HyperParameter) is not null || property.Attribute(KnownNames.Tensor) is not null;
    }

    /// <summary>The tree of a text; a text that is kept from an earlier run has its tree already.</summary>
    private static SyntaxTree Parse(string text, ParseOptions options)
    {
        if (Trees.TryGetValue(text, out var known) && known.Options.Equals(options)) return known;
        Trees.Remove(text);
        return Trees.GetValue(text, t => CSharpSyntaxTree.ParseText("#nullable enable annotations\n" + t, (CSharpParseOptions)options, Path, Encoding.UTF8));
    }

    private static void Write(StringBuilder text, INamedTypeSymbol type)
    {
        var scope = type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString();
        if (scope is not null) text.Append("namespace ").Append(scope).Append("\n{\n");
        text.Append("partial class ").Append(type.Name).Append("\n{\n");
        InterfaceTensors.WriteStubs(text, type);
        foreach (var block in type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block)))
        {
            text.Append("partial class ").Append(block.Name).Append("\n{\n");
            foreach (var forward in Of(type, block)) text.Append(forward.Declaration).Append('\n');
            InterfaceTensors.WriteStubs(text, block);
            text.Append("}\n");
        }

        text.Append("}\n");
        if (scope is not null) text.Append("}\n");
    }
}
