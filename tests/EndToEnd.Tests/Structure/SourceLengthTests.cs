using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.EndToEnd.Tests.Structure;

/// <summary>How long files, methods and lines may be. A file of numbers is a table, and may be longer.</summary>
public sealed class SourceLengthTests
{
    private const int MaxFile = 250, MaxMethod = 50, MaxLine = 160;
    private const string ListedIn = "tests/EndToEnd.Tests/Structure/long-sources.txt";

    /// <summary>What is too long is listed, and the list only shrinks: what is not listed is to be shortened, and what has been leaves the list.</summary>
    [Fact]
    public void What_is_too_long_is_listed()
    {
        var listed = Repository.Read(ListedIn).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        var found = Repository.Files(".cs", "src", "architectures", "tests", "benchmarks").SelectMany(TooLong).ToList();
        var added = found.Where(entry => !listed.Contains(entry.Key)).Select(entry => $"{entry.Key} ({entry.Length} lines or columns)");
        var mended = listed.Except(found.Select(entry => entry.Key));
        Assert.True(!added.Any(), $"Longer than {MaxFile} lines a file, {MaxMethod} a method or {MaxLine} columns a line:\n{string.Join('\n', added)}");
        Assert.True(!mended.Any(), $"Long no more; remove from {ListedIn}:\n{string.Join('\n', mended)}");
    }

    [Theory]
    [InlineData("class A { void B()\n{\n} }", 3)]
    [InlineData("class A { [X]\n[Y]\nint B() =>\n1; }", 2)]
    [InlineData("class A { int B { get\n{ return 1; } } }", 2)]
    [InlineData("class A { public A()\n{\nvoid C()\n{\n}\n} }", 6)]
    [InlineData("class A { int[] B =\n[\n]; }", 0)]
    public void Lines_of_a_method_are_counted_from_its_signature(string text, int expected) =>
        Assert.Equal(expected, Methods(text).Select(method => method.Lines).DefaultIfEmpty().Max());

    private static IEnumerable<(string Key, int Length)> TooLong(string file)
    {
        var text = Repository.Read(file);
        var lines = text.TrimEnd('\n').Split('\n');
        if (lines.Length > MaxFile && !IsTable(lines)) yield return ($"file {file}", lines.Length);
        if (lines.Max(line => line.Length) is > MaxLine and var widest) yield return ($"line {file}", widest);
        foreach (var (name, length) in Methods(text).Where(method => method.Lines > MaxMethod).DistinctBy(method => method.Name))
        {
            yield return ($"method {file} {name}", length);
        }
    }

    /// <summary>Most of its lines are literals: nothing but numbers, texts and commas.</summary>
    private static bool IsTable(string[] lines) =>
        lines.Count(line => line.Trim() is { Length: > 0 } part && (char.IsDigit(part[0]) || part[0] is '"' or '-')) > lines.Length / 2;

    private static IEnumerable<(string Name, int Lines)> Methods(string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var name = node switch
            {
                MethodDeclarationSyntax method => method.Identifier.Text,
                ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
                LocalFunctionStatementSyntax function => function.Identifier.Text,
                OperatorDeclarationSyntax @operator => @operator.OperatorToken.Text,
                AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
                PropertyDeclarationSyntax { ExpressionBody: not null } property => property.Identifier.Text,
                _ => null,
            };
            if (name is null) continue;
            var first = node.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList)).Span.Start;
            var lines = tree.GetLineSpan(Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(first, node.Span.End));
            yield return (name, lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1);
        }
    }
}
