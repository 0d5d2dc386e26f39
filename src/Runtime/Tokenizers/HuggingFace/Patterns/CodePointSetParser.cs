using System.Globalization;
using System.Text;

namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>Reads the parts of a pattern that match one code point: characters, escapes, properties and classes in brackets.</summary>
internal sealed class CodePointSetParser(PatternReader reader)
{
    /// <summary>The set of a dot.</summary>
    public CodePointSet Dot(PatternOptions options)
    {
        CodePointSet set = new();
        if (!options.DotAll) set.Add('\n', '\n');
        return set.Complete(negated: true, ignoreCase: false);
    }

    /// <summary>The set of one character or of a class such as <c>\s</c>.</summary>
    public CodePointSet Single(PatternOptions options)
    {
        CodePointSet set = new();
        if (!TryNamed(set))
        {
            var point = ReadCharacter();
            set.Add(point, point);
        }

        return set.Complete(negated: false, options.IgnoreCase);
    }

    /// <summary>The set of a class in brackets, after the opening one.</summary>
    public CodePointSet Bracket(PatternOptions options)
    {
        reader.Enter("classes");
        CodePointSet set = new();
        var negated = reader.TryTake("^");
        var first = true;
        for (; !reader.TryTake("]") || first; first = false)
        {
            if (first && reader.Peek(-1) == ']' && reader.Peek(-2) is '[' or '^')
            {
                set.Add(']', ']');
            }
            else if (reader.Current < 0)
            {
                throw reader.Unsupported("a class that is not closed");
            }
            else if (reader.TryTake("&&"))
            {
                // What follows up to the end is the other side.
                CodePointSet other = new();
                while (reader.Current is not (-1 or ']')) Member(other, options);
                set.Intersect(other.Complete(negated: false, options.IgnoreCase));
            }
            else
            {
                Member(set, options);
            }
        }

        reader.Leave();
        return set.Complete(negated, options.IgnoreCase);
    }

    private void Member(CodePointSet set, PatternOptions options)
    {
        if (reader.TryTake("[:"))
        {
            var negated = reader.TryTake("^");
            var name = string.Concat(reader.TakeWhile(point => point is >= 'a' and <= 'z').Select(point => (char)point));
            var isKnown = name.Length > 1 && reader.TryTake(":]");
            set.Add((isKnown ? CodePointSet.Named(name) : null) ?? throw reader.Unsupported($"the class [:{name}:]"), negated);
        }
        else if (reader.TryTake("["))
        {
            set.Add(Bracket(options));
        }
        else if (!TryNamed(set))
        {
            var first = ReadCharacter();
            var isRange = reader.Current == '-' && reader.Peek(1) is not (-1 or ']' or '[');
            if (isRange) reader.Position++;
            var last = isRange ? ReadCharacter() : first;
            if (last < first) throw reader.Unsupported("a range whose end is before its beginning");
            set.Add(first, last);
        }
    }

    /// <summary>Reads <c>\s</c>, <c>\p{..}</c> and their like.</summary>
    private bool TryNamed(CodePointSet set)
    {
        if (reader.Current != '\\' || reader.Peek(1) < 0) return false;
        var letter = reader.Peek(1);
        if (letter is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H')
        {
            reader.Position += 2;
            set.Add(CodePointSet.Named(((char)(letter | 0x20)).ToString())!, negated: char.IsAsciiLetterUpper((char)letter));
            return true;
        }

        if (letter is not ('p' or 'P')) return false;
        reader.Position += 2;
        var name = string.Concat(reader.TakeWhile(point => point != '}').Select(point => new Rune(point).ToString()));
        if (!name.StartsWith('{') || !reader.TryTake("}")) throw reader.Unsupported("a property that is not in braces");
        var negated = name.StartsWith("{^", StringComparison.Ordinal);
        var key = name[(negated ? 2 : 1)..];
        if (key is "S" or "s") key = "symbol";
        else if (key is "h" or "w" or "d") key = "?";
        set.Add(CodePointSet.Named(key) ?? throw reader.Unsupported($"the property \\p{name}}}"), negated != (letter == 'P'));
        return true;
    }

    private int ReadCharacter()
    {
        if (reader.Current < 0) throw reader.Unsupported("an end where a character should be");
        reader.Position++;
        if (reader.Peek(-1) != '\\') return reader.Peek(-1);
        var letter = reader.Current;
        reader.Position++;
        return letter switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            '0' => 0,
            'x' when reader.TryTake("{") => ReadHexadecimal(8, "}"),
            'x' => ReadHexadecimal(2, ""),
            'u' => ReadHexadecimal(4, ""),
            < 0 => throw reader.Unsupported("a \"\\\" at its end"),
            _ when letter < 128 && char.IsAsciiLetterOrDigit((char)letter) => throw reader.Unsupported($"\\{(char)letter}"),
            _ => letter,
        };
    }

    private int ReadHexadecimal(int digits, string end)
    {
        var text = string.Concat(reader.TakeWhile(point => point < 128 && char.IsAsciiHexDigit((char)point), digits).Select(point => (char)point));
        var isNumber = int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 0x10FFFF;
        return isNumber && (end.Length == 0 || reader.TryTake(end)) ? value : throw reader.Unsupported("a broken hexadecimal character");
    }
}
