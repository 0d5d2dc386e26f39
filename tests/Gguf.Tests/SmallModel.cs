using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

/// <summary>A valid file with every metadata type, arrays of each, and tensors of several types.</summary>
internal static class SmallModel
{
    public static readonly (string Key, GgufValue Value)[] Pairs =
    [
        ("u8", GgufValue.From(byte.MaxValue)),
        ("i8", GgufValue.From(sbyte.MinValue)),
        ("u16", GgufValue.From(ushort.MaxValue)),
        ("i16", GgufValue.From(short.MinValue)),
        ("u32", GgufValue.From(uint.MaxValue)),
        ("i32", GgufValue.From(int.MinValue)),
        ("u64", GgufValue.From(ulong.MaxValue)),
        ("i64", GgufValue.From(long.MinValue)),
        ("f32", GgufValue.From(1.5f)),
        ("f64", GgufValue.From(0.1)),
        ("bool", GgufValue.From(true)),
        ("string", GgufValue.From("h\u00e9llo \U0001F600")),
        ("array u8", GgufValue.From(new byte[] { 1, 255 })),
        ("array i8", GgufValue.From(new sbyte[] { -1, 127 })),
        ("array u16", GgufValue.From(new ushort[] { 1, 65535 })),
        ("array i16", GgufValue.From(new short[] { -1, 32767 })),
        ("array u32", GgufValue.From(new uint[] { 1, 4294967295 })),
        ("array i32", GgufValue.From(new[] { -1, 2147483647 })),
        ("array u64", GgufValue.From(new ulong[] { 1, ulong.MaxValue })),
        ("array i64", GgufValue.From(new[] { -1, long.MaxValue })),
        ("array f32", GgufValue.From(new[] { 0.25f, -1e30f })),
        ("array f64", GgufValue.From(new[] { 0.25, -1e300 })),
        ("array bool", GgufValue.From(new[] { true, false, true })),
        ("array string", GgufValue.From(new[] { "", "a", "\u4e2d\u6587" })),
        ("array empty", GgufValue.From(Array.Empty<string>())),
        ("array array", GgufValue.From(
        [
            GgufValue.From(new[] { 1, 2 }),
            GgufValue.From(Array.Empty<float>()),
            GgufValue.From([GgufValue.From(new[] { "deep" })]),
        ])),
        ("general.alignment", GgufValue.From(64u)),
    ];

    public static GgufWriter Writer()
    {
        var metadata = new GgufMetadata("small.gguf");
        foreach ((var key, var value) in Pairs)
            metadata[key] = value;
        var writer = new GgufWriter(metadata);
        writer.Add("odd", TensorType.F32, [3, 5], Data(60));
        writer.Add("half", TensorType.F16, [7], Data(14));
        writer.Add("blocks", TensorType.Q4_K, [512, 2, 1], Data(4 * 144));
        writer.Add("bytes", TensorType.I8, [1, 1, 1, 1], Data(1));
        return writer;
    }

    public static byte[] Bytes()
    {
        using var stream = new MemoryStream();
        Writer().WriteTo(stream);
        return stream.ToArray();
    }

    public static byte[] Data(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 7) + count))];
}
