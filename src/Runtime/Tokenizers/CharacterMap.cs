using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie from characters to what replaces them (SentencePiece, normalizer.cc; Darts-clone), applied
/// as Hugging Face's tokenizers do: to a user-perceived character as a whole if it is short, else to its code points.
/// </summary>
internal sealed class CharacterMap
{
    private const int LongestCluster = 5; // bytes of UTF-8

    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <param name="map">A little-endian u32, the size of the trie in bytes; the trie; zero-terminated UTF-8 texts.</param>
    public CharacterMap(ReadOnlySpan<byte> map, string source)
    {
        var size = map.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size == 0 || size % 4 != 0 || size > (uint)Math.Max(0, map.Length - 4))
        {
            throw new ModelFileException($"{source}: the precompiled_charsmap is damaged: its trie does not fit into {map.Length} bytes. "
                + "Download the file again.");
        }

        _units = MemoryMarshal.Cast<byte, uint>(map.Slice(4, (int)size)).ToArray();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(_units, _units);
        _texts = map[(4 + (int)size)..].ToArray();
    }

    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length);
        Span<byte> utf8 = stackalloc byte[LongestCluster];
        for (var start = 0; start < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(start));
            var cluster = text.AsSpan(start, length);
            start += length;
            if (Encoding.UTF8.TryGetBytes(cluster, utf8, out var bytes) && Find(utf8[..bytes]) is { } whole)
            {
                result.Append(whole);
                continue;
            }

            foreach (var rune in cluster.EnumerateRunes())
            {
                if (Find(utf8[..rune.EncodeToUtf8(utf8)]) is { } replaced) result.Append(replaced);
                else result.Append(rune);
            }
        }

        return result.ToString();
    }

    /// <summary>The replacement of the shortest prefix that the map has, which the reference applies to the whole.</summary>
    private string? Find(ReadOnlySpan<byte> key)
    {
        var position = OffsetOf(_units[0]);
        foreach (var value in key)
        {
            position ^= value;
            if (value == 0 || position >= _units.Length || (_units[position] & 0x800000FF) != value) return null;
            var unit = _units[position];
            position ^= OffsetOf(unit);
            if ((unit >> 8 & 1) == 0) continue;
            if (position >= _units.Length || (_units[position] & int.MaxValue) is var start && start > _texts.Length) return null;
            var text = _texts.AsSpan((int)(_units[position] & int.MaxValue));
            var end = text.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
        }

        return null;
    }

    private static uint OffsetOf(uint unit) => unit >> 10 << (int)((unit & (1 << 9)) >> 6);
}
