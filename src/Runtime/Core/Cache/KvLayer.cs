using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Formats.Q8_0;

namespace ArchGen.Runtime.Cache;

/// <summary>The keys and values of one attention layer: [heads, cells, width] each, so that a head's lie together.</summary>
internal sealed unsafe class KvLayer : IDisposable
{
    private readonly CacheType _type;
    private readonly int _heads;
    private readonly byte* _keys;
    private readonly byte* _values;

    /// <summary>Room for so many cells.</summary>
    /// <param name="type">How elements are kept.</param>
    /// <param name="cells">The number of cells.</param>
    /// <param name="heads">The number of heads of keys and values.</param>
    /// <param name="keyWidth">Elements of a key.</param>
    /// <param name="valueWidth">Elements of a value.</param>
    /// <param name="valuesInKeys">Whether a value is the beginning of its key, as in multi-head latent attention (arXiv:2405.04434).</param>
    public KvLayer(CacheType type, int cells, int heads, int keyWidth, int valueWidth, bool valuesInKeys)
    {
        (_type, _heads, KeyWidth, ValueWidth, ValuesInKeys) = (type, heads, keyWidth, valueWidth, valuesInKeys);
        (KeyBytes, ValueBytes) = (RowBytes(keyWidth), valuesInKeys ? RowBytes(keyWidth) : RowBytes(valueWidth));
        (KeyHeadBytes, ValueHeadBytes) = (KeyBytes * cells, ValueBytes * cells);
        _keys = (byte*)NativeMemory.AllocZeroed((nuint)(KeyHeadBytes * heads));
        _values = valuesInKeys ? _keys : (byte*)NativeMemory.AllocZeroed((nuint)(ValueHeadBytes * heads));
    }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    public bool ValuesInKeys { get; }

    /// <summary>The type of its elements, as tensors have them.</summary>
    public TensorType StoredType => _type switch { CacheType.F32 => TensorType.F32, CacheType.F16 => TensorType.F16, _ => TensorType.Q8_0 };

    /// <summary>Bytes from one cell's key to the next cell's.</summary>
    public long KeyBytes { get; }

    public long ValueBytes { get; }

    /// <summary>Bytes from one head's keys to the next head's.</summary>
    public long KeyHeadBytes { get; }

    public long ValueHeadBytes { get; }

    /// <summary>The keys of a head.</summary>
    public byte* Keys(int head) => _keys + (head * KeyHeadBytes);

    /// <summary>The values of a head.</summary>
    public byte* Values(int head) => _values + (head * ValueHeadBytes);

    /// <summary>The type of its elements.</summary>
    public CacheType Type => _type;

    /// <summary>Stores a key; false if a finite element is too large for the type.</summary>
    public bool StoreKey(int head, int cell, float* source) => Store(source, KeyWidth, Keys(head) + (cell * KeyBytes));

    /// <summary>Stores a value; false if a finite element is too large for the type.</summary>
    public bool StoreValue(int head, int cell, float* source) => Store(source, ValueWidth, Values(head) + (cell * ValueBytes));

    /// <summary>Makes all keys and values zeros.</summary>
    public void Clear()
    {
        NativeMemory.Clear(_keys, (nuint)(KeyHeadBytes * _heads));
        NativeMemory.Clear(_values, (nuint)(ValueHeadBytes * _heads));
    }

    public void Dispose()
    {
        NativeMemory.Free(_keys);
        if (!ValuesInKeys) NativeMemory.Free(_values);
    }

    private long RowBytes(int width) => _type switch
    {
        CacheType.F32 => width * 4L,
        CacheType.F16 => width * 2L,
        _ => (width + Q8_0Block.Weights - 1L) / Q8_0Block.Weights * sizeof(Q8_0Block),
    };

    private bool Store(float* source, int width, byte* target)
    {
        var fits = true;
        switch (_type)
        {
            case CacheType.F32:
                new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(target, width));
                break;
            case CacheType.F16:
                for (var i = 0; i < width; i++) fits &= Fits(((Half*)target)[i] = (Half)source[i], source[i]);
                break;
            default:
                for (var i = 0; i < width; i += Q8_0Block.Weights, target += sizeof(Q8_0Block))
                    fits &= StoreBlock(new ReadOnlySpan<float>(source + i, Math.Min(Q8_0Block.Weights, width - i)), (Q8_0Block*)target);
                break;
        }

        return fits;
    }

    private static bool Fits(Half stored, float number) => Half.IsFinite(stored) || !float.IsFinite(number);

    // Halves are rounded to even, where a file's are rounded away from zero.
    private static bool StoreBlock(ReadOnlySpan<float> source, Q8_0Block* target)
    {
        var largest = 0f;
        foreach (var value in source) largest = MathF.Max(largest, MathF.Abs(value));
        var scale = largest / 127;
        var inverse = scale > 0 ? 1 / scale : 0;
        var half = (Half)scale;
        target->Scale = BitConverter.HalfToUInt16Bits(half);
        for (var i = 0; i < Q8_0Block.Weights; i++) target->Quants[i] = i < source.Length ? (sbyte)MathF.Round(source[i] * inverse) : (sbyte)0;
        return Fits(half, scale);
    }
}
