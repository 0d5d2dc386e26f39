using System.Globalization;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <content>Classes of characters and escapes.</content>
internal sealed partial class PatternParser
{
    private CodePointRanges Class()
    {
        var isNegated = Take('^');
        var set = CodePointRanges.Of([]);
        while (true)
        {
            if (_at >= _text.Length) throw Error("has a class that is not closed");
            if (Take(']')) return isNegated ? set.Complement() : set;
            var first = ClassAtom();
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']' && Single(first) is { } low)
            {
                _at++;
                var last = ClassAtom();
                if (Single(last) is { } high)
                {
                    if (high < low) throw Error("has a range whose ends are out of order");
                    set = set.Union(CodePointRanges.Of((low, high)));
                    continue;
                }

                // Beside a class such as \w the hyphen is a character.
                first = first.Union(last).Union(Only('-'));
            }

            set = set.Union(first);
        }
    }

    private CodePointRanges ClassAtom()
    {
        var character = CodePoint();
        return character == '\\' ? Escape(isInClass: true) : Only(character);
    }

    private CodePointRanges Escape(bool isInClass)
    {
        if (_at >= _text.Length) throw Error("ends with a backslash");
        var character = CodePoint();
        if (PatternClasses.Find((char)Math.Min(character, char.MaxValue)) is { } known) return known;
        switch (character)
        {
            case 'b' when isInClass:
                return Only('\b');
            case 'b' or 'B':
                throw Error("has a word boundary, which is not supported");
            case 'p' or 'P':
                return Property(character == 'P');
            case 'x':
                return Only(Hex(2));
            case 'u':
                return Only(Unicode());
            case 'c' when _at < _text.Length && char.IsAsciiLetter(_text[_at]):
                return Only(_text[_at++] % 32);
            case '0' when _at >= _text.Length || !char.IsAsciiDigit(_text[_at]):
                return Only(0);
            case >= '0' and <= '9' or 'k':
                throw Error("has a backreference, which is not regular");
            default:
                if (character < 128 && char.IsAsciiLetter((char)character)) throw Error($"has the escape \\{(char)character}, which ECMA-262 does not have");
                return Only(character);
        }
    }

    private CodePointRanges Property(bool isNegated)
    {
        var end = _text.IndexOf('}', _at);
        if (!Take('{') || end < 0) throw Error("has a Unicode property without braces");
        var name = _text[_at..end];
        _at = end + 1;
        var set = PatternClasses.Property(name) ?? throw Error($"has the Unicode property \"{name}\", which is not supported; general categories are");
        return isNegated ? set.Complement() : set;
    }

    private int Unicode()
    {
        if (Take('{'))
        {
            var end = _text.IndexOf('}', _at);
            var digits = end < 0 ? "" : _text.AsSpan(_at, end - _at);
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is < 0 or > 0x10FFFF)
            {
                throw Error("has an invalid code point");
            }

            _at = end + 1;
            return point;
        }

        var unit = Hex(4);
        if (!char.IsHighSurrogate((char)unit) || _at + 6 > _text.Length || _text[_at] != '\\' || _text[_at + 1] != 'u') return unit;
        var start = _at;
        _at += 2;
        var low = Hex(4);
        if (char.IsLowSurrogate((char)low)) return char.ConvertToUtf32((char)unit, (char)low);
        _at = start;
        return unit;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _text.Length) throw Error("has an escape with too few digits");
        var span = _text.AsSpan(_at, digits);
        _at += digits;
        var isHex = int.TryParse(span, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        return isHex ? value : throw Error("has an escape with a wrong digit");
    }

    private static CodePointRanges Only(int point) => CodePointRanges.Of((point, point));

    private static int? Single(CodePointRanges set) => set.Ranges.Length == 1 && set.Ranges[0].First == set.Ranges[0].Last ? set.Ranges[0].First : null;
}
