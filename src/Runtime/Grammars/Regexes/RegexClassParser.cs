using System.Globalization;
using System.Text;

namespace ArchGen.Grammars.Regexes;

/// <summary>Reads the parts of a pattern that match one code point: characters, escapes and classes.</summary>
internal sealed class RegexClassParser(SourceText source, bool isEcma)
{
    /// <summary>The place in the text.</summary>
    public int At { get; set; }

    private string Text => source.Text;

    /// <summary>The set of a dot.</summary>
    public CodePointRanges Dot(bool all)
    {
        if (all) return CodePointRanges.All;
        return (isEcma ? CodePointRanges.Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)) : CodePointRanges.Of(('\n', '\n'))).Complement();
    }

    /// <summary>A character, an escape, or a class in brackets.</summary>
    public CodePointRanges Single(bool ignoreCase)
    {
        var set = Text[At] == '[' ? Bracket(ignoreCase) : Text[At] == '\\' && NamedClass() is { } named ? named : OneOf(Character(inClass: false));
        return ignoreCase ? LetterCases.AddOthers(set) : set;
    }

    /// <summary>A class in brackets, at its opening one.</summary>
    public CodePointRanges Bracket(bool ignoreCase)
    {
        var open = At++;
        var isNegated = At < Text.Length && Text[At] == '^';
        if (isNegated) At++;
        if (!isEcma && At < Text.Length && Text[At] == ']')
        {
            throw source.Error(At, "a class that begins with ] means different things in different languages. Write \\], or [\\s\\S] for any character.");
        }

        List<(int, int)> ranges = [];
        while (true)
        {
            if (At >= Text.Length) throw source.Error(open, "the class has no ]. Write \\[ for the character.");
            if (Text[At] == ']') break;
            if (!isEcma && (Text.AsSpan(At).StartsWith("[:") || Text.AsSpan(At).StartsWith("&&")))
            {
                throw source.Error(At, "[: and && in a class mean different things in different languages. Write \\[ or \\&, or the characters themselves.");
            }

            if (Text[At] == '\\' && NamedClass() is { } named)
            {
                // ECMAScript takes the hyphen as a character.
                if (!isEcma && At + 1 < Text.Length && Text[At] == '-' && Text[At + 1] != ']') throw NoEnd(At);
                ranges.AddRange(named.Ranges);
            }
            else
            {
                ranges.AddRange(Range());
            }
        }

        At++;
        var set = CodePointRanges.Of(ranges);
        if (ignoreCase) set = LetterCases.AddOthers(set);
        return isNegated ? set.Complement() : set;
    }

    private IEnumerable<(int First, int Last)> Range()
    {
        var start = At;
        var first = Character(inClass: true);
        if (At + 1 >= Text.Length || Text[At] != '-' || Text[At + 1] == ']') return [(first, first)];
        At++;
        if (Text[At] == '\\' && NamedClass() is { } named)
            return isEcma ? [(first, first), ('-', '-'), .. named.Ranges] : throw NoEnd(start);
        var last = Character(inClass: true);
        if (last < first) throw source.Error(start, "the range ends before it begins. Exchange its ends.");
        return [(first, last)];
    }

    /// <summary>A class such as <c>\d</c> or <c>\p{L}</c>, which is then passed; null if the escape is of a character.</summary>
    private CodePointRanges? NamedClass()
    {
        var start = At;
        var name = At + 1 < Text.Length ? Text[At + 1] : '\0';
        CodePointRanges set;
        switch (name)
        {
            case 'd' or 'D':
                set = isEcma ? NamedClasses.AsciiDigit : NamedClasses.Find("Nd")!;
                break;
            case 'w' or 'W':
                set = isEcma ? NamedClasses.AsciiWord : NamedClasses.Find("word")!;
                break;
            case 's' or 'S':
                set = isEcma ? NamedClasses.EcmaSpace : NamedClasses.Find("space")!;
                break;
            case 'p' or 'P':
                At += 2;
                set = Property(start);
                return name == 'P' ? set.Complement() : set;
            default:
                return null;
        }

        At += 2;
        return char.IsAsciiLetterUpper(name) ? set.Complement() : set;
    }

    private CodePointRanges Property(int start)
    {
        string name;
        if (At < Text.Length && Text[At] == '{')
        {
            var close = Text.IndexOf('}', At);
            if (close < 0) throw source.Error(start, "the property has no }.");
            name = Text[(At + 1)..close];
            At = close + 1;
        }
        else
        {
            name = At < Text.Length && !isEcma ? Text[At++].ToString() : "";
        }

        var isNegated = name.StartsWith('^');
        if (isNegated) name = name[1..];
        var set = NamedClasses.Find(name)
            ?? throw source.Error(start, $"no property of Unicode is called \"{name}\". Known are categories such as L or Lu, and scripts such as Greek.");
        return isNegated ? set.Complement() : set;
    }

    /// <summary>One character, written as itself or as an escape.</summary>
    private int Character(bool inClass)
    {
        if (Text[At] != '\\')
        {
            if (!Rune.TryGetRuneAt(Text, At, out var rune))
                return isEcma ? Text[At++] : throw source.Error(At, "half of a surrogate pair is no character.");
            At += rune.Utf16SequenceLength;
            return rune.Value;
        }

        var start = At;
        At += 2;
        if (start + 1 >= Text.Length) throw source.Error(start, "nothing follows the \\. Write \\\\ for the character.");
        var escaped = Text[start + 1];
        switch (escaped)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a' when !isEcma: return '\a';
            case 'b' when inClass: return '\b';
            case '0' when At >= Text.Length || !char.IsAsciiDigit(Text[At]): return 0;
            case 'x': return Hexadecimal(start, 2);
            case 'u': return Unit(start);
            case 'c' when At < Text.Length && char.IsAsciiLetter(Text[At]): return Text[At++] & 31;
            case 'b' or 'B': throw source.Error(start, "a word boundary is not supported. Write which characters may follow.");
            case >= '0' and <= '9' or 'k': throw source.Error(start, "a backreference is not supported: no regular language has it.");
        }

        if (char.IsAsciiLetter(escaped) || (!char.IsAscii(escaped) && !isEcma))
            throw source.Error(start, $"\\{escaped} is no known escape. Write the character itself.");
        if (!char.IsHighSurrogate(escaped) || At >= Text.Length || !char.IsLowSurrogate(Text[At])) return escaped;
        return char.ConvertToUtf32(escaped, Text[At++]);
    }

    /// <summary><c>\u</c> with four digits, two such for a surrogate pair, or any number in braces.</summary>
    private int Unit(int start)
    {
        var point = Hexadecimal(start, 4);
        if (char.IsHighSurrogate((char)Math.Min(point, 0xFFFF)) && Text.AsSpan(At).StartsWith("\\u"))
        {
            var after = At;
            At += 2;
            var low = Hexadecimal(start, 4);
            if (low is >= 0xDC00 and <= 0xDFFF) return char.ConvertToUtf32((char)point, (char)low);
            if (isEcma) At = after;
        }

        // In ECMAScript a half is a character, of which no text that is UTF-8 has one.
        return isEcma || Rune.IsValid(point) ? point
            : throw source.Error(start, "the escape is half of a surrogate pair, or beyond Unicode, and no character.");
    }

    private int Hexadecimal(int start, int digits)
    {
        var isBraced = At < Text.Length && Text[At] == '{' && !(isEcma && digits == 2);
        var end = isBraced ? Text.IndexOf('}', At) : At + digits;
        var from = isBraced ? At + 1 : At;
        if (end < from || end > Text.Length
            || !int.TryParse(Text.AsSpan(from, end - from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            || point is < 0 or > 0x10FFFF)
        {
            throw source.Error(start, $"\\{Text[start + 1]} wants {digits} hexadecimal digits, or the number of a character in braces.");
        }

        At = isBraced ? end + 1 : end;
        return point;
    }

    private RequestException NoEnd(int at) => source.Error(at, "a class of characters is no end of a range. Write \\- for the character.");

    private static CodePointRanges OneOf(int point) => CodePointRanges.Of((point, point));
}
