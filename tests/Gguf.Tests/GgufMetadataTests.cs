using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

public sealed class GgufMetadataTests
{
    private readonly GgufMetadata _metadata = new("m.gguf");

    public static TheoryData<GgufValue> Sevens() =>
    [
        GgufValue.From((byte)7), GgufValue.From((sbyte)7), GgufValue.From((ushort)7), GgufValue.From((short)7),
        GgufValue.From(7u), GgufValue.From(7), GgufValue.From(7ul), GgufValue.From(7L),
    ];

    public static TheoryData<GgufValue> SevenArrays() =>
    [
        GgufValue.From(new byte[] { 7 }), GgufValue.From(new sbyte[] { 7 }), GgufValue.From(new ushort[] { 7 }), GgufValue.From(new short[] { 7 }),
        GgufValue.From(new uint[] { 7 }), GgufValue.From(new[] { 7 }), GgufValue.From(new ulong[] { 7 }), GgufValue.From(new[] { 7L }),
    ];

    [Theory]
    [MemberData(nameof(Sevens))]
    public void Integers_of_any_width_and_sign(GgufValue seven)
    {
        _metadata["n"] = seven;
        Assert.Equal(7, _metadata.GetInt32("n"));
        Assert.Equal(7u, _metadata.GetUInt32("n"));
        Assert.Equal(7L, _metadata.GetInt64("n"));
        Assert.Equal(7ul, _metadata["n"].AsUInt64());
        Assert.Equal(7f, _metadata.GetSingle("n"));
    }

    [Theory]
    [MemberData(nameof(SevenArrays))]
    public void Arrays_of_integers_of_any_width_and_sign(GgufValue seven)
    {
        _metadata["n"] = seven;
        Assert.Equal([7], _metadata.GetInt32s("n"));
        Assert.Equal([7L], _metadata["n"].AsInt64s());
        Assert.Equal([7f], _metadata.GetSingles("n"));
        Assert.Equal(7, _metadata["n"].AsArray()[0].AsInt32());
    }

    [Fact]
    public void Integers_that_do_not_fit()
    {
        _metadata["n"] = GgufValue.From(uint.MaxValue);
        _metadata["negative"] = GgufValue.From(-1);
        _metadata["list"] = GgufValue.From(new[] { 1L, 1L << 40 });
        AssertMessage(() => _metadata.GetInt32("n"), "m.gguf: key \"n\": found u32 4294967295; expected an integer from -2147483648 to 2147483647.");
        AssertMessage(() => _metadata.GetUInt32("negative"), "m.gguf: key \"negative\": found i32 -1; expected an integer from 0 to 4294967295.");
        AssertMessage(() => _metadata["negative"].AsUInt64(), "found i32 -1; expected an integer from 0 to 18446744073709551615.");
        AssertMessage(() => _metadata.GetInt32s("list"), "m.gguf: key \"list\": element 1 is 1099511627776; expected -2147483648 to 2147483647.");
    }

    [Fact]
    public void Values_of_another_type()
    {
        _metadata["s"] = GgufValue.From(new string('x', 100));
        _metadata["f"] = GgufValue.From(1.5f);
        _metadata["list"] = GgufValue.From(new[] { 1f });
        _metadata["lists"] = GgufValue.From([GgufValue.From(new[] { "a" })]);
        AssertMessage(() => _metadata.GetInt32("s"), $"m.gguf: key \"s\": found string \"{new string('x', 60)}...\" of 100 characters; expected an integer");
        AssertMessage(() => _metadata.GetInt32("f"), "found f32 1.5; expected an integer");
        AssertMessage(() => _metadata.GetSingle("s"), "expected a number");
        AssertMessage(() => _metadata.GetBool("f"), "expected true or false (bool)");
        AssertMessage(() => _metadata.GetString("f"), "expected a string");
        AssertMessage(() => _metadata.GetString("list"), "found array of 1 f32; expected a string");
        AssertMessage(() => _metadata.GetStrings("s"), "expected an array of strings");
        AssertMessage(() => _metadata.GetStrings("list"), "expected an array of strings");
        AssertMessage(() => _metadata.GetInt32s("list"), "found array of 1 f32; expected an array of integers");
        AssertMessage(() => _metadata.GetSingles("f"), "expected an array of numbers");
        AssertMessage(() => _metadata.GetBools("list"), "expected an array of bool");
        AssertMessage(() => _metadata["list"].AsBytes(), "expected an array of bytes (u8 or i8)");
        AssertMessage(() => _metadata["s"].AsArray(), "expected an array");
        AssertMessage(() => _metadata["lists"].AsArray()[0].AsArray()[0].AsInt32(), "m.gguf: key \"lists\"[0][0]: found string \"a\"; expected an integer");
        AssertMessage(() => _metadata.GetInt32OrNull("f"), "m.gguf: key \"f\": found f32 1.5; expected an integer");
    }

    [Fact]
    public void Missing_keys()
    {
        AssertMessage(() => _metadata.GetString("a.b"), "m.gguf: key \"a.b\" is missing from the metadata");
        Assert.Null(_metadata.GetStringOrNull("a.b"));
        Assert.Null(_metadata.GetInt32OrNull("a.b"));
        Assert.Null(_metadata.GetSingleOrNull("a.b"));
        Assert.Null(_metadata.GetBoolOrNull("a.b"));
        Assert.Null(_metadata.GetStringsOrNull("a.b"));
        Assert.Null(_metadata.GetInt32sOrNull("a.b"));
        Assert.Null(_metadata.GetSinglesOrNull("a.b"));
        Assert.False(_metadata.TryGet("a.b", out _));
    }

    [Fact]
    public void Bytes_of_either_sign()
    {
        Assert.Equal([0, 255], GgufValue.From(new sbyte[] { 0, -1 }).AsBytes().ToArray());
        Assert.Equal([0, 255], GgufValue.From(new byte[] { 0, 255 }).AsBytes().ToArray());
    }

    [Fact]
    public void Order_is_kept_when_a_value_is_replaced()
    {
        _metadata["b"] = GgufValue.From(1);
        _metadata["a"] = GgufValue.From(2);
        _metadata["b"] = GgufValue.From(3);
        Assert.Equal(["b", "a"], _metadata.Select(pair => pair.Key));
        Assert.Equal(3, _metadata.GetInt32("b"));
        Assert.True(_metadata.Remove("b"));
        Assert.Equal(["a"], _metadata.Select(pair => pair.Key));
    }

    private static void AssertMessage<T>(Func<T> read, string expected)
        where T : allows ref struct
    {
        var error = Assert.Throws<ModelFileException>(() => { read(); });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
