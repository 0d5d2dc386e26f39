using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

public sealed class GgufWriterTests
{
    private const string SentencePiece = "tokenizers/ggml-vocab-llama-spm.gguf";
    private const string WordPiece = "tokenizers/ggml-vocab-bert-bge.gguf";
    private const string Falcon = "tokenizers/ggml-vocab-falcon.gguf";
    private const string SmolLM2 = "models/SmolLM2-135M-Instruct.Q4_1.gguf";
    private const string MiniLM = "models/all-MiniLM-L6-v2.q8_0.gguf";

    [Fact]
    public void Every_metadata_type_comes_back()
    {
        using var file = GgufFile.FromStream(new MemoryStream(SmallModel.Bytes()), "small.gguf");
        Assert.Equal(SmallModel.Pairs.Select(pair => pair.Key), file.Metadata.Select(pair => pair.Key));
        foreach ((var key, var value) in SmallModel.Pairs)
            GgufAssert.Equal(value, file.Metadata[key]);
    }

    [Fact]
    public void Tensors_come_back_aligned()
    {
        using var file = GgufFile.FromStream(new MemoryStream(SmallModel.Bytes()), "small.gguf");
        Assert.Equal(
            ["odd (f32, [3, 5])", "half (f16, [7])", "blocks (q4_K, [512, 2, 1])", "bytes (i8, [1, 1, 1, 1])"],
            file.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal(64, file.Alignment);
        foreach (var tensor in file.Tensors)
        {
            Assert.Equal(0, tensor.Offset % 64);
            Assert.Equal(SmallModel.Data((int)tensor.ByteLength), tensor.Span.ToArray());
        }
    }

    [Fact]
    public void Writing_what_was_read_gives_the_same_bytes()
    {
        var bytes = SmallModel.Bytes();
        using var folder = new TemporaryFolder();
        var path = folder.File("small.gguf");
        File.WriteAllBytes(path, bytes);
        Assert.Equal(bytes, Rewritten(path, folder));
    }

    [Fact]
    public void Writing_a_published_model_again_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var path = SharedFixtures.Local("models/stories260K.gguf");
        Assert.Equal(File.ReadAllBytes(path), Rewritten(path, folder));
    }

    [LargeFixtureFact([SentencePiece, WordPiece, Falcon, SmolLM2, MiniLM])]
    public void Writing_large_models_again_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (var relativePath in new[] { SentencePiece, WordPiece, Falcon, SmolLM2, MiniLM })
        {
            var path = SharedFixtures.FindLarge(relativePath)!;
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(Rewritten(path, folder)), relativePath);
        }
    }

    [Fact]
    public void A_failure_leaves_the_earlier_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.gguf");
        File.WriteAllText(path, "earlier");
        var writer = new GgufWriter(new GgufMetadata(path));
        writer.Add("t", TensorType.F32, [1 << 20], _ => throw new IOException("the disk is full."));
        var message = Assert.Throws<ArchGenException>(() => writer.Save(path)).Message;
        Assert.Equal($"{path}: the file cannot be written: the disk is full. Check the folder, its permissions and the free space.", message);
        Assert.Equal("earlier", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_named() => Assert.StartsWith(
        "no/such/model.gguf: the file cannot be written: ",
        Assert.Throws<ArchGenException>(() => new GgufWriter(new GgufMetadata("")).Save("no/such/model.gguf")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Data_of_another_length_is_refused(int length)
    {
        var writer = new GgufWriter(new GgufMetadata("model.gguf"));
        writer.Add("t", TensorType.F32, [3], new byte[length]);
        var error = Assert.Throws<InvalidOperationException>(() => writer.WriteTo(new MemoryStream()));
        Assert.Equal($"tensor \"t\": {length} bytes were written; expected 12.", error.Message);
    }

    [Fact]
    public void Wrong_tensors_are_refused()
    {
        var writer = new GgufWriter(new GgufMetadata("model.gguf"));
        writer.Add("t", TensorType.F32, [3], new byte[12]);
        Assert.Throws<ArgumentException>(() => writer.Add("t", TensorType.F32, [3], new byte[12]));
        Assert.Throws<ArgumentException>(() => writer.Add("u", TensorType.Q8_0, [33], new byte[12]));
        Assert.Throws<ArgumentException>(() => writer.Add("u", TensorType.F32, [3, 0], new byte[12]));
        Assert.Throws<ArgumentException>(() => writer.Add("u", TensorType.F32, [], new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("u", (TensorType)5, [3], new byte[12]));
    }

    private static byte[] Rewritten(string path, TemporaryFolder folder)
    {
        var copy = folder.File("copy.gguf");
        using var file = GgufFile.Open(path);
        var writer = new GgufWriter(file.Metadata);
        foreach (var tensor in file.Tensors)
            writer.Add(tensor);
        writer.Save(copy);
        return File.ReadAllBytes(copy);
    }
}
