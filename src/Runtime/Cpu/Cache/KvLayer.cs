using System.Runtime.InteropServices;
using ArchGen.Formats;
using ArchGen.Formats.Q8_0;
using ArchGen.Runtime.Cache;

namespace ArchGen.Cpu.Cache;

/// <summary>The keys and values of one attention layer: [heads, cells, width] each, so that a head's are contiguous.</summary>
internal sealed unsafe class KvLayer : IDisposable
{
    private readonly byte* _keys;
    private readonly byte* _values;
    private readonly int _heads;

    /// <summary>Allocates the memory of all cells.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="cells">The number of cells.</param>
    /// <param name="cache">The sizes of keys and values.</param>
    public KvLayer(CacheType type, int cells, CacheSpec cache)
    {
        (Type, KeyWidth, ValueWidth, ValuesInKeys, _heads) = (type, cache.KeyWidth, cache.ValueWidth, cache.ValuesInKeys, cache.Heads);
        (KeyBytes, ValueBytes) = (type.RowBytes(KeyWidth), type.RowBytes(ValuesInKeys ? KeyWidth : ValueWidth));
        (KeyHeadBytes, ValueHeadBytes) = (KeyBytes * cells, ValueBytes * cells);
        _keys = (byte*)NativeMemory.AllocZeroed((nuint)(KeyHeadBytes * cache.Heads));
        _values = ValuesInKeys ? _keys : (byte*)NativeMemory.AllocZeroed((nuint)(ValueHeadBytes * cache.Heads));
    }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    public bool ValuesInKeys { get; }

    /// <summary>The type of its elements.</summary>
    public CacheType Type { get; }

    /// <summary>The same, as tensors have it.</summary>
    public TensorType StoredType => Type.AsTensorType();

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

    /// <summary>Stores a key; false if a finite element is too large for the type.</summary>
    public bool StoreKey(int head, int cell, float* source) => Store(source, KeyWidth, Keys(head) + (cell * KeyBytes));

    /// <summary>Stores a value; false if a finite element is too large for the type.</summary>
    public bool StoreValue(int head, int cell, float* source) => Store(source, ValueWidth, Values(head) + (cell * ValueBytes));

    /// <summary>Reads the keys of cells, [heads, cells, width], and then their values, if they are not in the keys.</summary>
    public void Read(ReadOnlySpan<int> cells, Span<byte> destination)
    {
        Copy(cells, destination, _keys, KeyBytes, KeyHeadBytes, writes: false);
        if (!ValuesInKeys) Copy(cells, destination[(int)(_heads * cells.Length * KeyBytes)..], _values, ValueBytes, ValueHeadBytes, writes: false);
    }

    /// <summary>Writes keys and values of cells, in the order of <see cref="Read"/>.</summary>
    public void Write(ReadOnlySpan<int> cells, ReadOnlySpan<byte> source)
    {
        var memory = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(source), source.Length);
        Copy(cells, memory, _keys, KeyBytes, KeyHeadBytes, writes: true);
        if (!ValuesInKeys) Copy(cells, memory[(int)(_heads * cells.Length * KeyBytes)..], _values, ValueBytes, ValueHeadBytes, writes: true);
    }

    public void Dispose()
    {
        NativeMemory.Free(_keys);
        if (!ValuesInKeys) NativeMemory.Free(_values);
    }

    private void Copy(ReadOnlySpan<int> cells, Span<byte> memory, byte* rows, long rowBytes, long headBytes, bool writes)
    {
        for (var head = 0; head < _heads; head++)
        {
            foreach (var cell in cells)
            {
                var row = new Span<byte>(rows + (head * headBytes) + (cell * rowBytes), (int)rowBytes);
                if (writes) memory[..row.Length].CopyTo(row);
                else row.CopyTo(memory);
                memory = memory[row.Length..];
            }
        }
    }

    private bool Store(float* source, int width, byte* target)
    {
        var fits = true;
        switch (Type)
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

    // Halves are rounded to even; the files' encoder rounds them away from zero.
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
