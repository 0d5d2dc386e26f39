using ArchGen.Fixtures;

namespace ArchGen.Page.Tests;

/// <summary>The page's source keeps the limits of all sources: 250 lines a file, 160 columns a line.</summary>
public sealed class SourceTests
{
    private static readonly string[] Files =
    [
        .. Sources(Path.Combine(NodeTool.PageFolder, "source")), .. Sources(Path.Combine(NodeTool.PageFolder, "styles")),
        .. Directory.GetFiles(NodeTool.PageFolder, "*.mjs"), .. Directory.GetFiles(NodeTool.BrowserFolder, "*.mjs"),
    ];

    [Fact]
    public void Files_and_lines_are_short()
    {
        Assert.InRange(Files.Length, 50, 500);
        foreach (var file in Files)
        {
            var lines = File.ReadAllLines(file);
            var name = Path.GetRelativePath(SharedFixtures.Root, file);
            Assert.True(lines.Length <= 250, $"{name} has {lines.Length} lines.");
            for (var i = 0; i < lines.Length; i++) Assert.True(lines[i].Length <= 160, $"{name}, line {i + 1} has {lines[i].Length} columns.");
        }
    }

    private static string[] Sources(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
}
