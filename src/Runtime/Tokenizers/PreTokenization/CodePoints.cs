using System.Globalization;
using System.Text;

namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>A text as code points, each with its kind: what a character class is decided by. Bytes that are not UTF-8 are read as U+FFFD.</summary>
internal sealed class CodePoints
{
    private readonly int[] _values;
    private readonly byte[] _kinds;
    private readonly int[] _offsets;

    public CodePoints(ReadOnlySpan<byte> utf8)
    {
        _values = new int[utf8.Length];
        _kinds = new byte[utf8.Length];
        _offsets = new int[utf8.Length + 1];
        var offset = 0;
        while (offset < utf8.Length)
        {
            _offsets[Count] = offset;
            if (utf8[offset] < 0x80)
            {
                _values[Count] = _kinds[Count] = utf8[offset++];
            }
            else
            {
                Rune.DecodeFromUtf8(utf8[offset..], out var rune, out var length);
                _values[Count] = rune.Value;
                _kinds[Count] = CodePointKind.Of(rune);
                offset += length;
            }

            Count++;
        }

        _offsets[Count] = offset;
    }

    public int Count { get; private set; }

    public ReadOnlySpan<int> Values => _values.AsSpan(0, Count);

    /// <summary>The <see cref="CodePointKind"/> of each code point.</summary>
    public ReadOnlySpan<byte> Kinds => _kinds.AsSpan(0, Count);

    /// <summary>The start of a code point, in bytes; for <see cref="Count"/> the length of the text.</summary>
    public int Offset(int index) => _offsets[index];
}

/// <summary>
/// The kinds of code points that split patterns distinguish: every ASCII character is its own kind, everything else is known by its general category
/// (Unicode 16, as in .NET 10). White space beyond ASCII counts as a vertical tab, so that <c>\s</c> holds it.
/// </summary>
internal static class CodePointKind
{
    public const int UpperCase = 128; // and title case
    public const int LowerCase = 129;
    public const int OtherLetter = 130; // letters without case, and modifiers
    public const int Mark = 131;
    public const int Number = 132;
    public const int Punctuation = 133;
    public const int Symbol = 134;
    public const int Other = 135;
    public const int Count = 136;

    public static bool IsLetter(int kind) => kind is >= UpperCase and <= OtherLetter;

    public static byte Of(Rune rune)
    {
        if (rune.IsAscii) return (byte)rune.Value;
        if (Rune.IsWhiteSpace(rune)) return (byte)'\v';
        return (byte)OfCategory(CharUnicodeInfo.GetUnicodeCategory(rune.Value));
    }

    /// <summary>The kind that a code point would have if it were not ASCII.</summary>
    public static int OfCategory(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => UpperCase,
        UnicodeCategory.LowercaseLetter => LowerCase,
        <= UnicodeCategory.OtherLetter => OtherLetter,
        <= UnicodeCategory.EnclosingMark => Mark,
        <= UnicodeCategory.OtherNumber => Number,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => Punctuation,
        >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol => Symbol,
        _ => Other,
    };
}
