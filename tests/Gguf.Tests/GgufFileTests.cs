using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

public sealed class GgufFileTests
{
    [Fact]
    public void Reads_a_published_model()
    {
        using var file = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.Equal(512, file.Metadata.GetStrings("tokenizer.ggml.tokens").Length);
        Assert.Equal(512, file.Metadata.GetSingles("tokenizer.ggml.scores").Length);
        Assert.True(file.TryGetTensor("token_embd.weight", out var embedding));
        Assert.Equal([64L, 512L], embedding.Dimensions.AsSpan());
        Assert.Equal(64 * 512 * 4, embedding.ByteLength);
        Assert.False(file.TryGetTensor("token_embd", out _));
    }

    [Fact]
    public void Reads_version_2()
    {
        using var file = GgufBytes.Header(1, 1, version: 2).Key("a", GgufValueType.UInt32).U32(7).Tensor("t", TensorType.F32, 0, 2).Data(8).Open();
        Assert.Equal(2u, file.Version);
        Assert.Equal(7, file.Metadata.GetInt32("a"));
        Assert.Equal(new byte[8], file.Tensors[0].Span.ToArray());
    }

    [Fact]
    public unsafe void A_stream_is_copied_to_aligned_memory()
    {
        var bytes = File.ReadAllBytes(SharedFixtures.Local("models/stories260K.gguf"));
        using var stream = new MemoryStream([1, 2, 3, .. bytes]);
        stream.Position = 3;
        using var file = GgufFile.FromStream(stream, "embedded");
        foreach (var tensor in file.Tensors)
        {
            Assert.Equal(0u, (nuint)tensor.Pointer % 32);
            Assert.True(tensor.Span.SequenceEqual(bytes.AsSpan((int)tensor.Offset, (int)tensor.ByteLength)));
        }
    }

    [Fact]
    public void A_closed_file_gives_no_data()
    {
        var file = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        var tensor = file.Tensors[0];
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Span.Length);
    }

    [Fact]
    public void Slices_stay_inside_the_tensor()
    {
        using var file = GgufBytes.Header(1, 0).Tensor("t", TensorType.I8, 0, 4).Data(0).Raw(1, 2, 3, 4).Open();
        Assert.Equal([2, 3], file.Tensors[0].Slice(1, 2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[0].Slice(3, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[0].Slice(-1, 2).Length);
    }

    [Fact]
    public void Opening_does_not_read_tensor_data()
    {
        // A sparse file of 64 GiB.
        using var folder = new TemporaryFolder();
        var path = folder.File("large.gguf");
        var header = GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 0, 1UL << 34).Data(0).ToArray();
        using (var stream = File.Create(path))
        {
            stream.Write(header);
            stream.SetLength(header.Length + (1L << 36));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = GgufFile.Open(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        // What was read is in the page cache: the header, and at most what the system reads ahead of it.
        if (OperatingSystem.IsLinux()) Assert.InRange(ResidentPages.Count(file.Tensors[0].Slice(0, int.MaxValue)), 0, (64 << 20) / Environment.SystemPageSize);
        Assert.Equal(1L << 36, file.Tensors[0].ByteLength);
        Assert.Equal([0], file.Tensors[0].Slice((1L << 36) - 1, 1).ToArray());
    }

    [Fact]
    public void Reading_a_large_vocabulary_allocates_its_strings_and_arrays_alone()
    {
        var metadata = new GgufMetadata("vocabulary.gguf")
        {
            ["tokens"] = GgufValue.From([.. Enumerable.Range(0, 150_000).Select(i => $"token {i}")]),
            ["scores"] = GgufValue.From(new float[150_000]),
            ["types"] = GgufValue.From(new int[150_000]),
        };
        using var stream = new MemoryStream();
        new GgufWriter(metadata).WriteTo(stream);
        stream.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = GgufFile.FromStream(stream, "vocabulary.gguf");

        // 48 bytes for each string, 8 for its place in the array, 8 for a score and a type. An object more for each element would be 24 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150_000 * (48 + 8 + 8) + (1 << 20));
        Assert.Equal("token 149999", file.Metadata.GetStrings("tokens")[^1]);
    }
}
