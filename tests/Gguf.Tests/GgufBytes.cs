using System.Text;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

/// <summary>Puts a GGUF file together byte by byte, so that each of its statements can be false.</summary>
internal sealed class GgufBytes
{
    public const string Name = "model.gguf";

    private readonly MemoryStream _bytes = new();

    public static GgufBytes Header(ulong tensors, ulong pairs, uint version = 3) =>
        new GgufBytes().Raw(Encoding.ASCII.GetBytes("GGUF")).U32(version).U64(tensors).U64(pairs);

    public GgufBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public GgufBytes U32(uint value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes U64(ulong value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return U64((ulong)bytes.Length).Raw(bytes);
    }

    public GgufBytes Key(string key, GgufValueType type) => Text(key).U32((uint)type);

    public GgufBytes Tensor(string name, TensorType type, ulong offset, params ReadOnlySpan<ulong> dimensions)
    {
        Text(name).U32((uint)dimensions.Length);
        foreach (var size in dimensions)
            U64(size);
        return U32((uint)type).U64(offset);
    }

    /// <summary>Pads to 32 bytes and appends so many bytes of tensor data.</summary>
    public GgufBytes Data(int count) => Raw(new byte[(-_bytes.Length & 31) + count]);

    public byte[] ToArray() => _bytes.ToArray();

    public GgufFile Open() => GgufFile.FromStream(new MemoryStream(ToArray()), Name);

    /// <summary>Opens the file, which must fail, and returns the message.</summary>
    public string OpenError() => Assert.Throws<ModelFileException>(Open).Message;
}
