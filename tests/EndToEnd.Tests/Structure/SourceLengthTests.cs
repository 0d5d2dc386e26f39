using ArchGen.Fixtures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.EndToEnd.Tests.Structure;

/// <summary>
/// How long files, methods and lines may be. What is longer is listed in long-sources.txt, and the list only shrinks. A run of these tests with
/// ARCHGEN_LIST_LONG_SOURCES=1 writes the list anew.
/// </summary>
public sealed class SourceLengthTests
{
    private const int MaxFile = 250, MaxMethod = 50, MaxLine = 160;
    private const string ListFile = "tests/EndToEnd.Tests/Structure/long-sources.txt";
    private const string WritesList = "ARCHGEN_LIST_LONG_SOURCES";

    private static readonly string[] Folders = ["src", "architectures", "tests", "benchmarks", "eng"];

    /// <summary>What may be long, or what its name begins with, and why.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["file src/Runtime/Tokenizers/CanonicalBase.cs"] = "Almost all of it is Unicode's table of ranges.",
        ["method src/Runtime/Tokenizers/CanonicalBase.cs Ranges"] = "Unicode's ranges, three numbers each.",
        ["method src/Runtime/Formats/Codebooks/OneBitCodebook.cs Entries2048"] = "The 2048 entries of ggml's grid.",
        ["method src/Runtime/Gguf/Checkpoints/Torch/Unpickler.cs Run"] = "The operations of pickle, a line each.",
        ["method tests/EndToEnd.Tests/Conversion/ConfigKeyTests.cs Synonyms"] = "Keys of config.json with the same meaning, a case each.",
        ["method tests/Generators.Tests/Diagnostics/Mistakes."] = "Mistakes and the message that each must get, one after another.",
    };

    private static readonly string[] Sources = [.. Repository.Files(".cs", [.. Folders.Where(IsThere)])];
    private static readonly Dictionary<string, int> Long = Sources.SelectMany(TooLong).ToDictionary();
    private static readonly string[] Listed = ReadList();

    [Fact]
    public void What_is_too_long_is_listed()
    {
        var added = Long.Where(entry => !IsTable(entry.Key) && !Listed.Contains(entry.Key)).Select(entry => $"{entry.Key} ({entry.Value})");
        Assert.True(!added.Any(), $"More than {MaxFile} lines in a file, {MaxMethod} in a method or {MaxLine} columns; shorten:\n{string.Join('\n', added)}");
    }

    [Fact]
    public void What_is_listed_is_too_long()
    {
        var shortened = Listed.Where(entry => !Long.ContainsKey(entry) || IsTable(entry));
        Assert.True(!shortened.Any(), $"No longer too long; remove from {ListFile}, or run with {WritesList}=1:\n{string.Join('\n', shortened)}");
    }

    [Fact]
    public void Every_table_is_long() =>
        Assert.All(Tables.Keys, table => Assert.Contains(Long.Keys, entry => entry.StartsWith(table, StringComparison.Ordinal)));

    [Fact]
    public void All_sources_are_seen() => Assert.InRange(Sources.Length, 500, 5000);

    [Theory]
    [InlineData("class A { void B()\n{\n} }", 3)]
    [InlineData("class A { [X]\n[Y]\nint B() =>\n1; }", 2)]
    [InlineData("class A { int B { get\n{ return 1; } } }", 2)]
    [InlineData("class A { int B =>\n1; }", 2)]
    [InlineData("class A { public A()\n{\nvoid C()\n{\n}\n} }", 6)]
    [InlineData("class A { int[] B =\n[\n]; }", 0)]
    public void Lines_of_a_method_are_counted_from_its_signature(string text, int expected) =>
        Assert.Equal(expected, Methods(text).Select(method => method.Lines).DefaultIfEmpty().Max());

    private static bool IsThere(string folder) => Directory.Exists(Path.Combine(SharedFixtures.Root, folder));

    private static bool IsTable(string entry) => Tables.Keys.Any(table => entry.StartsWith(table, StringComparison.Ordinal));

    private static string[] ReadList()
    {
        if (Environment.GetEnvironmentVariable(WritesList) == "1")
        {
            var entries = Long.Keys.Where(entry => !IsTable(entry)).Order(StringComparer.Ordinal);
            string[] lines = ["# What is longer than its limit (SourceLengthTests). The list only shrinks.", .. entries];
            File.WriteAllText(Path.Combine(SharedFixtures.Root, ListFile), string.Join('\n', lines) + "\n");
        }

        return [.. Repository.Read(ListFile).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];
    }

    private static IEnumerable<KeyValuePair<string, int>> TooLong(string file)
    {
        var text = Repository.Read(file);
        var lines = text.TrimEnd('\n').Split('\n');
        if (lines.Length > MaxFile) yield return new($"file {file}", lines.Length);
        if (lines.Max(line => line.Length) is > MaxLine and var widest) yield return new($"line {file}", widest);
        foreach (var method in Methods(text).Where(method => method.Lines > MaxMethod).GroupBy(method => method.Name))
        {
            yield return new($"method {file} {method.Key}", method.Max(overload => overload.Lines));
        }
    }

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
            var lines = tree.GetLineSpan(TextSpan.FromBounds(first, node.Span.End));
            yield return (name, lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1);
        }
    }
}
