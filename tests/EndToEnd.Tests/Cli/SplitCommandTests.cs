using System.Security.Cryptography;
using ArchGen.Fixtures;
using ArchGen.Formats;
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
    }

    /// <summary>
    /// The digests are those of the files that llama-gguf-split writes (September 2026): <c>--split --split-max-size 1M</c>, which takes whole megabytes only.
    /// One tensor is larger than a part. A first part without tensors is padded there.
    /// </summary>
    [Theory]
    [InlineData("DA063DCBDACDAA48", "FF226498AC81E8D9", "D816AE0D43FD9C5E", "FEE651A88A9C8EF9")]
    [InlineData("406F897B70E70E56", "4E5E9A4A49925B25", "EDFADAF65E4DF9F1", "3D4F0E9CD37C4602", "4CFC58246B4404AB", "--no-tensor-first-split")]
    public void Parts_of_a_size_are_those_of_llama_cpp(params string[] expected)
    {
        var (options, digests) = (expected.Where(word => word[0] == '-'), expected.Where(word => word[0] != '-').ToList());
        var large = Large(400_000, 599_968, 100, 1_200_000, 33, 999_000);
        Assert.Equal(0, Archgen.Run(["split", large, "-o", _folder.File("part"), "--max-size", "1M", .. options]).ExitCode);
        Assert.Equal(digests, Enumerable.Range(1, digests.Count).Select(part => Digest(_folder.File($"part-{part:D5}-of-{digests.Count:D5}.gguf"))));
    }

    /// <summary>llama-gguf-split refuses this limit.</summary>
    [Fact]
    public void A_first_tensor_that_is_larger_than_a_part_is_one()
    {
        var run = Archgen.Run("split", Large(1_200_000, 100), "-o", _folder.File("part"), "--max-size", "1M");
        Assert.Equal((0, $"{First(2)}\n{_folder.File("part-00002-of-00002.gguf")}\n"), (run.ExitCode, run.Out));
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

    [Fact]
    public void A_file_that_is_cut_off_is_named()
    {
        Archgen.Run("split", Stories, "-o", _folder.File("part"), "--max-tensors", "30");
        var (cut, second) = (_folder.File("cut.gguf"), _folder.File("part-00002-of-00002.gguf"));
        File.WriteAllBytes(cut, File.ReadAllBytes(Stories)[..500_000]);
        File.WriteAllBytes(second, File.ReadAllBytes(second)[..^1000]);
        var files = Directory.GetFiles(_folder.Path).Order().ToList();
        Fails(cut, "split", cut, "-o", _folder.File("other"));
        Fails(cut, "merge", cut, "-o", _folder.File("out.gguf"));
        Fails(second, "merge", First(2), "-o", _folder.File("out.gguf"));
        Assert.Equal(files, Directory.GetFiles(_folder.Path).Order());
    }

    // Tensors of bytes that follow from their places.
    private string Large(params int[] lengths)
    {
        var writer = new GgufWriter(new GgufMetadata("large") { ["general.name"] = GgufValue.From("large") });
        foreach (var (tensor, length) in lengths.Index())
            writer.Add($"t{tensor}", TensorType.I8, [length], Enumerable.Range(0, length).Select(i => (byte)(i * 7 + tensor)).ToArray());
        writer.Save(_folder.File("large.gguf"));
        return _folder.File("large.gguf");
    }

    private static string Digest(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Array.Resize(ref bytes, (bytes.Length + 31) / 32 * 32);
        return Convert.ToHexString(SHA256.HashData(bytes))[..16];
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
