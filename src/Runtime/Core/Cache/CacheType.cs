using ArchGen.Formats;

namespace ArchGen.Runtime.Cache;

/// <summary>The type of the KV cache's elements.</summary>
public enum CacheType
{
    /// <summary>32-bit floats, exact.</summary>
    F32,

    /// <summary>IEEE half-precision floats: half the memory.</summary>
    F16,

    /// <summary>Blocks of 32 signed bytes with a half-precision scale: 8.5 bits per element.</summary>
    Q8_0,
}

/// <summary>Facts of <see cref="CacheType"/>.</summary>
internal static class CacheTypes
{
    /// <summary>Bytes of a row of <paramref name="width"/> elements; the last block of a row is padded.</summary>
    public static long RowBytes(this CacheType type, int width)
    {
        var tensorType = type.AsTensorType();
        var blocks = (width + tensorType.BlockSize - 1L) / tensorType.BlockSize;
        return tensorType.ByteLength(blocks * tensorType.BlockSize);
    }

    /// <summary>The tensor type of the elements.</summary>
    public static TensorType AsTensorType(this CacheType type) => type switch
    {
        CacheType.F32 => TensorType.F32,
        CacheType.F16 => TensorType.F16,
        _ => TensorType.Q8_0,
    };
}
