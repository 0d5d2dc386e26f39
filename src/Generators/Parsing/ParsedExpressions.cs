using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The expressions in texts of a compilation, each parsed once: variants read the shapes and conditions of their bases again, and architectures share
/// many.
/// </summary>
internal static class ParsedExpressions
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<string, ExpressionSyntax>> Known = new();

    public static ExpressionSyntax ExpressionOf(this Compilation compilation, string text) =>
        Known.GetValue(compilation, _ => new(StringComparer.Ordinal)).GetOrAdd(text, t => SyntaxFactory.ParseExpression(t));
}
