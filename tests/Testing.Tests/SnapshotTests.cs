using ArchGen.Fixtures;
using ArchGen.Testing.Snapshots;

namespace ArchGen.Testing.Tests;

/// <summary>Texts beside a test's source: what is written, what is said, how one is accepted.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    public SnapshotTests()
    {
        _source = _folder.File("SomeTests.cs");
        File.WriteAllText(_source, "");
    }

    private string Verified => _folder.File("Text.verified.txt");

    private string Received => _folder.File("Text.received.txt");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\r\nb\r\n")]
    public async Task The_same_text_passes_whatever_ends_its_lines(string verified)
    {
        File.WriteAllText(Verified, verified);
        File.WriteAllText(Received, "left from before");
        await Verify("a\nb\n");
        Assert.False(File.Exists(Received));
        Assert.Equal(verified, File.ReadAllText(Verified));
    }

    [Fact]
    public async Task Without_a_verified_text_the_received_one_is_written()
    {
        var error = await Assert.ThrowsAsync<CheckFailedException>(() => Verify("a\nb\n"));
        Assert.Equal("a\nb\n", File.ReadAllText(Received));
        Assert.False(File.Exists(Verified));
        Assert.StartsWith("There is no Text.verified.txt yet. If the new text is right, rename Text.received.txt to Text.verified.txt in " + _folder.Path,
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_is_shown_with_the_lines_around_it()
    {
        var lines = Enumerable.Range(1, 40).Select(i => $"line {i}").ToArray();
        File.WriteAllText(Verified, string.Join('\n', lines));
        lines[19] = "another";
        var error = await Assert.ThrowsAsync<CheckFailedException>(() => Verify(string.Join('\n', lines)));
        var diff = "--- Text.verified.txt\n+++ Text.received.txt\n@@ -17,7 +17,7 @@\n line 17\n line 18\n line 19\n-line 20\n+another\n"
            + " line 21\n line 22\n line 23";
        Assert.EndsWith(diff, error.Message, StringComparison.Ordinal);
        Assert.Equal(string.Join('\n', lines), File.ReadAllText(Received));
    }

    [Fact]
    public async Task A_long_difference_is_cut_and_says_so()
    {
        File.WriteAllText(Verified, "");
        var error = await Assert.ThrowsAsync<CheckFailedException>(() => Verify(string.Join('\n', Enumerable.Range(0, 1000))));
        Assert.Matches(@"\n\.\.\. \d+ more lines$", error.Message);
        Assert.InRange(error.Message.Split('\n').Length, 100, 130);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("old\n")]
    public async Task Where_texts_are_accepted_the_new_one_is_the_verified_one(string? verified)
    {
        if (verified is not null) File.WriteAllText(Verified, verified);
        await TextSnapshot.Verify("new\n", "Text", _source, isAccepting: true);
        Assert.Equal("new\n", File.ReadAllText(Verified));
        var files = Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)!);
        Assert.Equal(["SomeTests.cs", "Text.verified.txt"], files.Order(StringComparer.Ordinal));
    }

    /// <summary>A deterministic build has /_/ in the place of the clone.</summary>
    [Fact]
    public void The_source_is_found_if_the_build_replaced_its_root()
    {
        var folder = Path.Combine(SharedFixtures.Root, "tests", "Testing.Tests");
        Assert.Equal(folder, SourceFolder.Of("/_/tests/Testing.Tests/SnapshotTests.cs"));
        Assert.Throws<CheckFailedException>(() => SourceFolder.Of("/_/tests/Testing.Tests/NoSuchTests.cs"));
    }

    [Fact]
    public Task The_graph_of_the_tutorial() => GraphSnapshot.Verify<Quill>("../Frameworks/Graph.Quill");

    /// <summary>What the compiler embedded in the symbols is what the generator's own tests have verified.</summary>
    [Theory]
    [InlineData("Graph")]
    [InlineData("Loader")]
    [InlineData("TensorNames")]
    public async Task Emitted_code_is_that_of_the_generator(string artefact)
    {
        var expected = File.ReadAllText(Path.Combine(SharedFixtures.Root, "tests", "Generators.Tests", "Snapshots", $"{artefact}.Qwen3.verified.txt"));
        File.WriteAllText(_folder.File($"EmittedCode.Qwen3.{artefact}.verified.txt"), $"// ==== {artefact}\n{expected}");
        await EmittedCodeSnapshot.Verify<Qwen3>(artefact, sourceFile: _source);
    }

    [Fact]
    public async Task All_emitted_code_is_one_text()
    {
        await Assert.ThrowsAsync<CheckFailedException>(() => EmittedCodeSnapshot.Verify<Quill>(sourceFile: _source));
        var text = File.ReadAllText(_folder.File("EmittedCode.Quill.received.txt"));
        string[] artefacts = ["Converter", "Graph", "HyperParameters", "Loader", "Members", "TensorNames"];
        Assert.All(artefacts, artefact => Assert.Contains($"// ==== {artefact}\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_of_another_name_is_not_emitted()
    {
        var error = await Assert.ThrowsAsync<CheckFailedException>(() => EmittedCodeSnapshot.Verify<Quill>("Grap", sourceFile: _source));
        Assert.StartsWith("Nothing named Grap is generated for Quill. There is Converter, Graph, ", error.Message, StringComparison.Ordinal);
    }

    private Task Verify(string text) => TextSnapshot.Verify(text, "Text", _source, isAccepting: false);
}
