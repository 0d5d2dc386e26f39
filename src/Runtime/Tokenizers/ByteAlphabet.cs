using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// The alphabet in which byte-level vocabularies are written: one printable character per byte. Printable Latin-1 is itself, the other 68 bytes
/// for U+0100 onwards (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", the function <c>bytes_to_unicode</c>).
/// </summary>
internal static class ByteAlphabet
{
    private const int Size = 0x100 + 68;

    private static readonly short[] ByteOf = Build();
    private static readonly char[] CharacterOf = Invert(ByteOf);

    /// <summary>Reads a text written in the alphabet; false if it holds a character that is not in it.</summary>
    /// <param name="bytes">Receives one byte per character.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        foreach (var c in text)
        {
            if (c >= Size || ByteOf[c] < 0) return false;
            bytes[length++] = (byte)ByteOf[c];
        }

        return true;
    }

    /// <summary>The bytes of a token; a character outside the alphabet is its own UTF-8.</summary>
    public static byte[] DecodeLenient(string text)
    {
        List<byte> bytes = new(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value < Size && ByteOf[rune.Value] >= 0) bytes.Add((byte)ByteOf[rune.Value]);
            else bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
        }

        return [.. bytes];
    }

    /// <summary>The UTF-8 of a text, written in the alphabet.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Encode(bytes);
    }

    /// <summary>Bytes, written in the alphabet.</summary>
    public static string Encode(byte[] bytes) => string.Create(bytes.Length, bytes, static (characters, bytes) =>
    {
        for (var i = 0; i < bytes.Length; i++) characters[i] = CharacterOf[bytes[i]];
    });

    private static char[] Invert(short[] byteOf)
    {
        var characters = new char[0x100];
        for (var c = 0; c < byteOf.Length; c++)
        {
            if (byteOf[c] >= 0) characters[byteOf[c]] = (char)c;
        }

        return characters;
    }

    private static short[] Build()
    {
        var byteOf = new short[Size];
        Array.Fill(byteOf, (short)-1);
        var next = 0x100;
        for (var b = 0; b < 0x100; b++)
        {
            var standsForItself = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            byteOf[standsForItself ? b : next++] = (short)b;
        }

        return byteOf;
    }
}
