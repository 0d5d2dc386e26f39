using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// One semantic model for each tree of a compilation: it keeps what it has bound, which a variant and its base, or two blocks, ask for again.
/// </summary>
internal static class SemanticModels
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, SemanticModel>> Known = new();

    public static SemanticModel SemanticsOf(this Compilation compilation, SyntaxTree tree) =>
        Known.GetOrCreateValue(compilation).GetOrAdd(tree, t => compilation.GetSemanticModel(t));
}
