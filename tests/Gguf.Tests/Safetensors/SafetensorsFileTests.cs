using System.Buffers.Binary;
using ArchGen.Fixtures;
using ArchGen.Gguf.Safetensors;

namespace ArchGen.Gguf.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Tensors_of_every_float_are_read()
    {
        var data = new byte[32];
        BinaryPrimitives.WriteSingleLittleEndian(data, 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4), -2);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(8), (Half)0.25);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(10), Half.PositiveInfinity);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(12), 0x3FC0);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(14), 0xC000);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(16), Math.PI);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(24), 7);
        const string Header = """
            {"__metadata__":{"format":"pt"},
             "d":{"dtype":"F64","shape":[],"data_offsets":[16,24]},"i":{"dtype":"I64","shape":[1],"data_offsets":[24,32]},
             "a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},
             "none":{"dtype":"F32","shape":[0,5],"data_offsets":[12,12]},"c":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}}
            """;
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(Write(folder, SafetensorsBytes.Of(Header, data)));
        Assert.Equal(["a", "b", "none", "c", "d", "i"], file.Tensors.Select(t => t.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([1.5f, -2], Read("a"));
        Assert.Equal([0.25f, float.PositiveInfinity], Read("b"));
        Assert.Equal([1.5f, -2], Read("c"));
        Assert.Equal([(float)Math.PI], Read("d"));
        Assert.Equal([], Read("none"));
        Assert.Equal([1, 2], file.Tensors[0].Shape);
        Assert.Contains("expected F32, F16, BF16 or F64", Assert.Throws<ModelFileException>(() => Read("i")).Message);
        Assert.False(file.TryGetTensor("e", out _));

        float[] Read(string name) => file.TryGetTensor(name, out var tensor) ? tensor.ToSingles() : throw new KeyNotFoundException(name);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "the header is not JSON")]
    [InlineData("""[]""", 0, "the header is a Array")]
    [InlineData("""{"a":1}""", 0, "tensor \"a\" is a Number")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "has no dtype")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype \"F31\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""", 8, "has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "expected begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "expected begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 8, "the file is cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "expected 12 for F32 [3]")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,8]}}""", 8, "too large")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1, "at most 16")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "begins at 2, expected 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}""", 6, "begins at 5, expected 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 6, "expected the end")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "is there twice")]
    [InlineData("""{"__metadata__":{"a":[1]}}""", 0, "\"a\" is a Array, expected a text")]
    [InlineData("""{"__metadata__":"a"}""", 0, "expected an object of texts")]
    public void What_is_wrong_is_said(string header, int bytes, string message)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, SafetensorsBytes.Of(header, new byte[bytes]));
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Theory]
    [InlineData(new byte[0], "the file is empty")]
    [InlineData(new byte[] { 1, 0, 0 }, "the file has 3 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0 }, "expected at most 100000000")]
    [InlineData(new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "it is cut off")]
    public void A_file_that_is_none_is_refused(byte[] bytes, string message)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, bytes);
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void Any_damage_is_told_or_harmless()
    {
        using var folder = new TemporaryFolder();
        var sound = SafetensorsBytes.Of([("model.norm", [2, 3], [1, 2, 3, 4, 5, 6]), ("lm_head", [1], [7])]);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (i % 3 == 0) damaged = damaged[..random.Next(damaged.Length)];
            var path = Write(folder, damaged);
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var tensor in file.Tensors)
                {
                    Assert.Equal(tensor.ByteLength, tensor.ElementCount * (tensor.ByteLength / Math.Max(tensor.ElementCount, 1)));
                }
            }
            catch (ArchGenException error)
            {
                Assert.StartsWith(path, error.Message);
            }
        }
    }

    private static string Write(TemporaryFolder folder, byte[] bytes)
    {
        var path = folder.File("a.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
