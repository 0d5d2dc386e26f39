using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>Whole files against those of llama-quantize: types, order, bytes and keys.</summary>
public sealed class WholeFileTests(SmallLlama model) : IClassFixture<SmallLlama>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>File type, with <c>+imatrix</c> for one with importance, and <see cref="SmallLlama.Digest"/> of what llama-quantize makes.</summary>
    public static IEnumerable<object[]> Digests =>
        File.ReadLines(SharedFixtures.Local("quantization/small-llama.digests.txt")).Where(l => !l.StartsWith('#')).Select(l => (object[])l.Split(' '));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Digests))]
    public void A_file_has_the_bytes_of_llama_quantize(string fileType, string digest)
    {
        Assert.Equal(digest, SmallLlama.Digest(Quantize(model.Path, fileType, SmallLlama.Importance)));
    }

    [Fact]
    public void The_keys_say_what_was_done()
    {
        using var file = GgufFile.Open(Quantize(model.Path, "Q8_0+imatrix", SmallLlama.Importance));
        Assert.Equal(
            ["general.quantization_version", "general.file_type", "quantize.imatrix.file", "quantize.imatrix.dataset", "quantize.imatrix.entries_count",
                "quantize.imatrix.chunks_count"],
            file.Metadata.Select(m => m.Key).TakeLast(6));
        Assert.Equal((2u, 7u), (file.Metadata.GetUInt32("general.quantization_version"), file.Metadata.GetUInt32("general.file_type")));
        Assert.Equal((SmallLlama.Importance, "text.txt"),
            (file.Metadata.GetString("quantize.imatrix.file"), file.Metadata.GetString("quantize.imatrix.dataset")));
        Assert.Equal((56u, 7u), (file.Metadata.GetUInt32("quantize.imatrix.entries_count"), file.Metadata.GetUInt32("quantize.imatrix.chunks_count")));
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
    }

    private string Quantize(string source, string fileType, string importance)
    {
        var run = Run(source, fileType, importance, "out.gguf");
        Assert.True(run.ExitCode == 0, run.Error);
        return _folder.File("out.gguf");
    }

    private Archgen Run(string source, string fileType, string importance, string name)
    {
        var words = fileType.Split('+');
        return Archgen.Run(["quantize", source, _folder.File(name), words[0], .. words.Length > 1 ? new[] { "--imatrix", importance } : []]);
    }
}
