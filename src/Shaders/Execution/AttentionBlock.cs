using System.Runtime.InteropServices;

namespace ArchGen.Vulkan.Execution;

/// <summary>A value as shaders see it: the struct View of addresses.glsl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ShaderView(ValueView view)
{
    public readonly ulong Address = view.Address;
    public readonly uint RowStride = checked((uint)view.RowStride);
    public readonly uint HeadStride = checked((uint)view.HeadStride);
}

/// <summary>Keys or values in memory: the first one's address, and bytes from one head to the next and from one row to the next.</summary>
/// <param name="Address">The first key or value of the first head.</param>
/// <param name="HeadBytes">From one head to the next.</param>
/// <param name="RowBytes">From one key or value to the next.</param>
internal readonly record struct KeyRows(ulong Address, long HeadBytes, long RowBytes)
{
    /// <summary>Those of a value of 32-bit floats.</summary>
    public static KeyRows Of(ValueView view) => new(view.Address, view.HeadStride * sizeof(float), view.RowStride * sizeof(float));

    /// <summary>Whether every row begins at a multiple of so many bytes.</summary>
    public bool IsAligned(int bytes) => Address % (ulong)bytes == 0 && HeadBytes % bytes == 0 && RowBytes % bytes == 0;
}

/// <summary>The numbers of an attention that no micro-batch changes: the struct Attention of attention.glsl, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AttentionBlock
{
    public ulong Frame;
    public ShaderView Query;
    public ShaderView Result;
    public ulong Keys;
    public ulong Values;
    public ulong KeyHeadBytes;
    public ulong ValueHeadBytes;
    public uint KeyBytes;
    public uint ValueBytes;
    public ulong Sinks;
    public ulong Slopes;
    public ulong Bias;
    public ulong Buckets;
    public ulong Partials;
    public uint Heads;
    public uint Group;
    public uint Window;
    public int MaxDistance;
    public float Factor;
    public float Softcap;
    public ulong Operands;

    /// <summary>Says where keys and values are.</summary>
    public void Place(KeyRows keys, KeyRows values)
    {
        (Keys, KeyHeadBytes, KeyBytes) = (keys.Address, checked((ulong)keys.HeadBytes), checked((uint)keys.RowBytes));
        (Values, ValueHeadBytes, ValueBytes) = (values.Address, checked((ulong)values.HeadBytes), checked((uint)values.RowBytes));
    }
}
