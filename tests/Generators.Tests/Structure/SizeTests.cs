using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Tests.Structure;

/// <summary>The generator's files, and those of its tests, are short, and so are their methods and lines.</summary>
public class SizeTests
{
    private const int MaxLines = 250, MaxMethodLines = 50, MaxColumns = 160;

    private static readonly string[] Folders =
        [Path.Combine("src", "Generators"), Path.Combine("src", "CodeFixes"), Path.Combine("tests", "Generators.Tests")];

    private static readonly IReadOnlyList<SyntaxTree> Files =
    [
        .. Folders.SelectMany(f => Directory.GetFiles(Path.Combine(DocumentationTests.Root, f), "*.cs", SearchOption.AllDirectories))
            .Where(p => !p.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), path: Path.GetFileName(p))),
    ];

    [Fact]
    public void No_file_is_long() => Assert.Empty(Files.Where(f => f.GetText().Lines.Count - 1 > MaxLines).Select(f => f.FilePath));

    [Fact]
    public void No_line_is_wide() => Assert.Empty(
        from file in Files
        from line in file.GetText().Lines
        where line.Span.Length > MaxColumns
        select $"{file.FilePath}:{line.LineNumber + 1}");

    [Fact]
    public void No_method_is_long() => Assert.Empty(
        from file in Files
        from member in file.GetRoot().DescendantNodes()
        where member is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let lines = file.GetLineSpan(member.Span)
        where lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1 > MaxMethodLines
        select $"{file.FilePath}:{lines.StartLinePosition.Line + 1}");

    [Fact]
    public void All_files_are_seen() => Assert.InRange(Files.Count, 100, 1000);
}
