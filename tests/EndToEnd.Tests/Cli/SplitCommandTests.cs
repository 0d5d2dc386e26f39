using System.Security.Cryptography;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen split</c> and <c>merge</c>: parts that load, and are the file again when they are merged.</summary>
public sealed class SplitCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => SharedFixtures.Local("models/stories260K.gguf");

    private string First(int count) => _folder.File($"part-00001-of-{count:D5}.gguf");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(7, "--max-tensors", "7")]
    [InlineData(5, "--split-max-size", "300K")]
    [InlineData(8, "--max-tensors", "7", "--no-tensor-first-split")]
    [InlineData(1, "--max-size", "4G")]
    public void Parts_are_the_file_again(int count, params string[] limit)
    {
        var run = Archgen.Run(["split", Stories, "-o", _folder.File("part"), .. limit]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(count, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(run.Out.Split('\n')[0], First(count));
        int[] tokens = [1, 403, 407];
        Assert.Equal(Archgen.Logits(_folder.Path, Stories, tokens), Archgen.Logits(_folder.Path, First(count), tokens));
        Assert.Equal(0, Archgen.Run("diff", Stories, First(count)).ExitCode);
        Assert.Equal(0, Archgen.Run("merge", First(count), "-o", _folder.File("whole.gguf")).ExitCode);
        Assert.Equal(File.ReadAllBytes(Stories), File.ReadAllBytes(_folder.File("whole.gguf")));
        Assert.Equal(File.ReadAllBytes(Stories), Archgen.Bytes("merge", First(count), "-o", "-"));
    }

    /// <summary>The digests are those of the files that llama-gguf-split writes (August 2026): <c>--split --split-max-tensors 10</c>.</summary>
    [Fact]
    public void The_parts_are_those_of_llama_cpp_byte_for_byte()
    {
        Assert.Equal(0, Archgen.Run("split", Stories, "-o", _folder.File("part"), "--max-tensors", "10").ExitCode);
        Assert.Equal(
            ["7F2CC6B5AA779EF8", "E95AAE89396EF96C", "5AFCEEE84CD07D87", "49686AEDAEB0046E", "269EE17DCAADD205"],
            Enumerable.Range(1, 5).Select(part => Digest(_folder.File($"part-{part:D5}-of-00005.gguf"))));

        static string Digest(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))[..16];
    }

    /// <summary>llama-gguf-split's order of keys: split.no, split.tensors.count, split.count; the first part has all others, too.</summary>
    [Fact]
    public void The_keys_are_those_of_llama_cpp()
    {
        Archgen.Run("split", Stories, "-o", _folder.File("part.gguf"), "--max-tensors", "20");
        using var first = GgufFile.Open(First(3));
        var second = File.ReadAllBytes(_folder.File("part-00002-of-00003.gguf"));
        Assert.Equal(["split.no", "split.tensors.count", "split.count"], first.Metadata.Select(entry => entry.Key).TakeLast(3));
        Assert.Equal(GgufValueType.UInt16, first.Metadata["split.count"].Type);
        Assert.Equal(48, first.Metadata.GetInt32("split.tensors.count"));
        // Magic, version, 20 tensors, three keys.
        Assert.Equal([0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0], second[..24]);
    }

    [Fact]
    public void A_dry_run_names_the_parts_and_writes_nothing()
    {
        var run = Archgen.Run("split", Stories, "-o", _folder.File("part"), "--max-tensors", "30", "--dry-run");
        Assert.StartsWith($"{First(2)}: 30 tensors, 0.", run.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        Fails("is one file already", "merge", Stories, "-o", _folder.File("out.gguf"));
        Fails("--max-size is 'many', expected a number with K, M or G", "split", Stories, "-o", _folder.File("part"), "--max-size", "many");
        Fails("both given", "split", Stories, "-o", _folder.File("part"), "--max-size", "1M", "--max-tensors", "3");
        Fails("- cannot hold several files", "split", Stories, "-o", "-");
        Fails("does not exist", "split", Stories, "-o", _folder.File("none/part"));
        Archgen.Run("split", Stories, "-o", _folder.File("part"), "--max-tensors", "30");
        var second = _folder.File("part-00002-of-00002.gguf");
        Fails("Open the first part instead", "merge", second, "-o", _folder.File("out.gguf"));
        Fails("is a file that is read", "merge", First(2), "-o", second);
        File.Delete(second);
        Fails("there is no such file", "merge", First(2), "-o", _folder.File("out.gguf"));
        Assert.Equal([First(2)], Directory.GetFiles(_folder.Path));
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
