using System.IO.Compression;
using System.Text;
using ArchGen.Fixtures;

namespace ArchGen.Page.Tests;

/// <summary>The committed files of the page are those that its source gives.</summary>
public sealed class BuiltFilesTests
{
    private static readonly string Committed = Path.Combine(SharedFixtures.Root, "src", "Server", "Page", "Built");

    [Fact]
    public void The_types_of_the_source_are_right()
    {
        NodeTool.RequireNode();
        NodeTool.RequirePackages(NodeTool.PageFolder);
        var (exitCode, output) = NodeTool.Run(NodeTool.PageFolder, ["npm", "run", "check"]);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void A_build_gives_the_committed_files()
    {
        NodeTool.RequireNode();
        NodeTool.RequirePackages(NodeTool.PageFolder);
        using var built = new TemporaryFolder();
        var (exitCode, output) = NodeTool.Run(NodeTool.PageFolder, ["node", "build.mjs", built.File("page")]);
        Assert.True(exitCode == 0, output);
        const string Advice = "Run 'npm run build' in src/Page and commit src/Server/Page/Built.";
        var (expected, found) = (Read(built.File("page")), Read(Committed));
        Assert.True(expected.Keys.Order().SequenceEqual(found.Keys.Order()),
            $"{Advice} Files: {string.Join(' ', expected.Keys.Except(found.Keys).Concat(found.Keys.Except(expected.Keys)))}");
        foreach (var (name, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(found[name]), $"{name} differs. {Advice}");
    }

    [Fact]
    public void Both_compressed_forms_of_a_file_have_the_same_contents()
    {
        var files = Read(Committed);
        var texts = files.Keys.Where(name => name.EndsWith(".br", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(texts);
        foreach (var name in texts) Assert.Equal(files[name], files[$"{name[..^3]}.gz"]);
        Assert.All(files.Keys, name => Assert.Matches(@"\.(br|gz|woff2)$", name));
    }

    [Fact]
    public void The_page_names_no_other_machine()
    {
        foreach (var (name, bytes) in Read(Committed).Where(file => file.Key is "index.html.br" or "manifest.webmanifest.br"))
            Assert.DoesNotContain("://", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    // Compressed files by their contents: another version of zlib compresses differently.
    private static Dictionary<string, byte[]> Read(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Unpack);

    private static byte[] Unpack(string file)
    {
        using var packed = File.OpenRead(file);
        using Stream unpacking = Path.GetExtension(file) switch
        {
            ".br" => new BrotliStream(packed, CompressionMode.Decompress),
            ".gz" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var unpacked = new MemoryStream();
        unpacking.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
