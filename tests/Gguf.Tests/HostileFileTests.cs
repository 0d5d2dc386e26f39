using System.Text;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

/// <summary>Each false statement of a file gives one message with the file, the place and the remedy.</summary>
public sealed class HostileFileTests
{
    [Theory]
    [InlineData(0, "model.gguf: the stream is empty")]
    [InlineData(3, "the header at byte 0: the file ends after 3 bytes; expected at least 1 more")]
    [InlineData(7, "the header at byte 4: the file ends after 7 bytes; expected at least 1 more")]
    [InlineData(20, "the header at byte 16: the file ends after 20 bytes; expected at least 4 more")]
    public void Cut_off_header(int length, string expected) =>
        AssertMessage(new GgufBytes().Raw(GgufBytes.Header(0, 0).ToArray().AsSpan(0, length)), expected);

    [Fact]
    public void Wrong_magic() => AssertMessage(
        new GgufBytes().Raw(Encoding.ASCII.GetBytes("GGML")).U32(3), "begins with the bytes 47474D4C; expected 47475546 (\"GGUF\")");

    [Theory]
    [InlineData(0u, "version 0; expected 2 or 3")]
    [InlineData(1u, "version 1; expected 2 or 3")]
    [InlineData(4u, "version 4; expected 2 or 3")]
    [InlineData(0x03000000u, "at byte 4: the file is big-endian; expected little-endian")]
    public void Version(uint version, string expected) => AssertMessage(GgufBytes.Header(0, 0, version), expected);

    [Fact]
    public void More_tensors_than_bytes() =>
        AssertMessage(GgufBytes.Header(ulong.MaxValue, 0), $"at byte 8: the file claims {ulong.MaxValue} tensors, but only 8 bytes follow");

    [Fact]
    public void More_pairs_than_bytes() =>
        AssertMessage(GgufBytes.Header(0, 2).Raw(new byte[20]), "at byte 16: the file claims 2 metadata pairs, but only 20 bytes follow; expected at most 1");

    [Fact]
    public void Empty_key() => AssertMessage(GgufBytes.Header(0, 1).Text("").U32(0).Raw(new byte[8]), "metadata pair 0 at byte 24: found an empty name");

    [Fact]
    public void Too_long_key() =>
        AssertMessage(GgufBytes.Header(0, 1).Text(new string('k', 65536)).U32(0).Raw(0), "found a string of 65536 bytes; expected at most 65535");

    [Fact]
    public void Duplicate_key() => AssertMessage(
        GgufBytes.Header(0, 2).Key("a", GgufValueType.UInt32).U32(1).Key("a", GgufValueType.UInt32).U32(2), "key \"a\" at byte 41: the key is there twice");

    [Fact]
    public void Unknown_value_type() =>
        AssertMessage(GgufBytes.Header(0, 1).Key("a", (GgufValueType)13).U32(1), "key \"a\" at byte 33: found metadata type 13");

    [Fact]
    public void Unknown_element_type() =>
        AssertMessage(GgufBytes.Header(0, 1).Key("a", GgufValueType.Array).U32(99).U64(0), "key \"a\" at byte 37: found metadata type 99");

    [Fact]
    public void Bool_of_two() => AssertMessage(GgufBytes.Header(0, 1).Key("a", GgufValueType.Bool).Raw(2), "key \"a\" at byte 37: found 2 as a bool");

    [Fact]
    public void String_beyond_the_end() => AssertMessage(
        GgufBytes.Header(0, 1).Key("a", GgufValueType.String).U64(ulong.MaxValue).Raw(1, 2),
        $"found a string of {ulong.MaxValue} bytes, but only 2 bytes follow");

    [Fact]
    public void String_not_utf8() =>
        AssertMessage(
            GgufBytes.Header(0, 1).Key("a", GgufValueType.String).U64(2).Raw(0xC3, 0x28),
            "key \"a\" at byte 45: found a string of 2 bytes that is not UTF-8");

    [Theory]
    [InlineData(GgufValueType.Float32)]
    [InlineData(GgufValueType.String)]
    [InlineData(GgufValueType.Array)]
    [InlineData(GgufValueType.Float64)]
    public void Array_beyond_the_end(GgufValueType type) => AssertMessage(
        GgufBytes.Header(0, 1).Key("a", GgufValueType.Array).U32((uint)type).U64(1UL << 62).Raw(new byte[64]),
        $"key \"a\" at byte 41: the file claims {1UL << 62} array elements of type {type.Name}, but only 64 bytes follow");

    [Fact]
    public void Deeply_nested_arrays()
    {
        var bytes = GgufBytes.Header(0, 1).Key("a", GgufValueType.Array);
        for (var i = 0; i < 10_000; i++)
            bytes.U32((uint)GgufValueType.Array).U64(1);
        AssertMessage(bytes.U32((uint)GgufValueType.UInt8).U64(0), "key \"a\" at byte 133: arrays are nested more than 8 deep");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(33u)]
    [InlineData(0x80000000u)]
    public void Alignment(uint alignment) => AssertMessage(
        GgufBytes.Header(0, 1).Key("general.alignment", GgufValueType.UInt32).U32(alignment), $"key \"general.alignment\": found ", alignment.ToString());

    [Fact]
    public void Duplicate_tensor() => AssertMessage(
        GgufBytes.Header(2, 0).Tensor("t", TensorType.F32, 0, 1).Tensor("t", TensorType.F32, 32, 1).Data(64),
        "tensor \"t\" at byte 57: the name is there twice");

    [Fact]
    public void No_dimensions() => AssertMessage(GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 0).Data(64), "tensor \"t\" at byte 33: found 0 dimensions");

    [Fact]
    public void Five_dimensions() =>
        AssertMessage(GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 0, 1, 1, 1, 1, 1).Data(64), "found 5 dimensions; expected 1 to 4");

    [Theory]
    [InlineData(0ul)]
    [InlineData(ulong.MaxValue)]
    public void Dimension_out_of_range(ulong size) =>
        AssertMessage(GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 0, 4, size).Data(64), $"tensor \"t\" at byte 45: dimension 1 is {size}");

    [Theory]
    [InlineData(1ul << 62, 4ul, 1ul)]
    [InlineData(1ul << 32, 1ul << 32, 1ul)]
    [InlineData(1ul << 62, 1ul << 62, 1ul << 62)]
    public void Overflowing_dimensions(ulong a, ulong b, ulong c) => AssertMessage(
        GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 0, a, b, c, 1).Data(64),
        $"the dimensions [{a}, {b}, {c}, 1] give more elements than a file can hold");

    [Theory]
    [InlineData(4u)]
    [InlineData(31u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void Unknown_tensor_type(uint type) => AssertMessage(
        GgufBytes.Header(1, 0).Tensor("t", (TensorType)type, 0, 32).Data(64),
        $"tensor \"t\" at byte 45: found tensor type {type}, which is unknown or withdrawn");

    [Fact]
    public void Row_not_whole_blocks() => AssertMessage(
        GgufBytes.Header(1, 0).Tensor("t", TensorType.Q4_K, 0, 128, 2).Data(144),
        "the row length 128 of the dimensions [128, 2] is no multiple of 256, the block size of q4_K");

    [Fact]
    public void Misaligned_tensor() =>
        AssertMessage(GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, 4, 1).Data(64), "tensor \"t\": its offset 4 is no multiple of the alignment 32");

    [Theory]
    [InlineData(0ul)]
    [InlineData(32ul)]
    [InlineData(ulong.MaxValue - 31)]
    public void Tensor_beyond_the_end(ulong offset) => AssertMessage(
        GgufBytes.Header(1, 0).Tensor("t", TensorType.F32, offset, 9).Data(35),
        $"tensor \"t\": its data, 36 bytes at byte {(UInt128)64 + offset}, ends at byte");

    [Fact]
    public void Overlapping_tensors() => AssertMessage(
        GgufBytes.Header(2, 0).Tensor("late", TensorType.F32, 32, 8).Tensor("early", TensorType.F32, 0, 9).Data(64),
        "tensor \"late\" at byte 160 overlaps tensor \"early\", which ends at byte 164");

    [Fact]
    public void Names_are_shown_safely() => AssertMessage(
        GgufBytes.Header(0, 1).Key("\u001b[2J" + new string('k', 1000), (GgufValueType)13).U32(1),
        $"key \"\\u001B[2J{new string('k', 56)}...\" of 1004 characters at");

    [Fact]
    public void No_such_file() => Assert.Contains(
        "there is no such file", Assert.Throws<ModelFileException>(() => GgufFile.Open("no/such/model.gguf")).Message, StringComparison.Ordinal);

    [Fact]
    public void Folder_instead_of_file()
    {
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<ModelFileException>(() => GgufFile.Open(folder.Path)).Message;
        Assert.StartsWith($"{folder.Path} is a folder, expected a GGUF model.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("empty.gguf");
        File.WriteAllBytes(path, []);
        Assert.StartsWith($"{path}: the file is empty", Assert.Throws<ModelFileException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
    }

    private static void AssertMessage(GgufBytes bytes, params string[] parts)
    {
        var message = bytes.OpenError();
        Assert.StartsWith(GgufBytes.Name + ": ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        foreach (var part in parts)
            Assert.Contains(part, message, StringComparison.Ordinal);
    }
}
