using System.Buffers.Binary;
using System.Collections.Immutable;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>
/// The push constants of a shader, in scalar layout: numbers of 8 bytes lie at a multiple of 8. The first is always the number of rows, which is known when
/// the step is run.
/// </summary>
internal sealed class PushConstants
{
    private readonly byte[] _bytes = new byte[LogicalDevice.PushBytes];
    private int _count = sizeof(uint);

    public PushConstants Add(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);
        return this;
    }

    public PushConstants Add(int value) => Add(checked((uint)value));

    public PushConstants Add(float value) => Add(BitConverter.SingleToUInt32Bits(value));

    public PushConstants Add(ulong value)
    {
        _count = (_count + 7) & ~7;
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
        return this;
    }

    /// <summary>Appends a struct View: zeros if there is no value.</summary>
    public PushConstants Add(ValueView? view) => view is { } v
        ? Add(v.Address).Add(checked((uint)v.RowStride)).Add(checked((uint)v.HeadStride))
        : Add(0ul).Add(0u).Add(0u);

    /// <summary>The bytes.</summary>
    public ImmutableArray<byte> ToBytes() => [.. _bytes.AsSpan(0, _count)];

    /// <summary>The bytes of all places there are, zeros in the others: what is not pushed would be that of an earlier dispatch.</summary>
    public byte[] ToAllBytes() => [.. _bytes];

    private Span<byte> Take(int bytes)
    {
        if (_count + bytes > _bytes.Length) throw new InvalidOperationException($"Push constants have at most {_bytes.Length} bytes.");
        _count += bytes;
        return _bytes.AsSpan(_count - bytes, bytes);
    }
}
