using System.Globalization;
using System.Text;
using ArchGen.Grammars.Regexes;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Rules;

/// <summary>Reads the text of a grammar: what GBNF and Lark have in common.</summary>
internal sealed class RuleScanner
{
    private readonly GrammarLimits _limits;
    private readonly Tokenizer? _tokenizer;
    private int _depth;

    public RuleScanner(SourceText source, GrammarLimits limits, Tokenizer? tokenizer)
    {
        (Source, _limits, _tokenizer) = (source, limits, tokenizer);
        if (source.Text.Length > limits.Characters) throw source.Error(0, $"the grammar is longer than {limits.Characters} characters. Make it shorter.");
    }

    public SourceText Source { get; }

    public string Text => Source.Text;

    /// <summary>The place in the text.</summary>
    public int At { get; set; }

    public bool IsAtEnd => At >= Text.Length;

    /// <summary>The character here; NUL at the end.</summary>
    public char Current => At < Text.Length ? Text[At] : '\0';

    public bool Peek(string text) => Text.AsSpan(At).StartsWith(text, StringComparison.Ordinal);

    public bool TryTake(string text)
    {
        if (!Peek(text)) return false;
        At += text.Length;
        return true;
    }

    public RequestException Error(string reason) => Source.Error(At, reason);

    /// <summary>Enters a group; the deepest nesting is bounded.</summary>
    public void Enter()
    {
        if (++_depth > _limits.Nesting) throw Error($"groups are nested more than {_limits.Nesting} deep. Give the inner ones rules of their own.");
    }

    public void Leave() => _depth--;

    /// <summary>Skips the characters that a test holds for, and returns them.</summary>
    public string TakeWhile(Func<char, bool> test)
    {
        var start = At;
        while (At < Text.Length && test(Text[At])) At++;
        return Text[start..At];
    }

    public int Number()
    {
        var start = At;
        var digits = TakeWhile(char.IsAsciiDigit);
        const int most = 10_000_000;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Source.Error(start, $"a number from 0 to {most} was expected.");
    }

    /// <summary><c>m}</c>, <c>m,}</c>, <c>m,n}</c> or <c>,n}</c>, after the opening brace.</summary>
    public (int Min, int Max) Bounds()
    {
        var start = At;
        Spaces();
        var min = Current == ',' ? 0 : Number();
        var max = min;
        Spaces();
        if (TryTake(","))
        {
            Spaces();
            max = Current == '}' ? RegexBuilder.Unbounded : Number();
            Spaces();
        }

        if (!TryTake("}")) throw Error("the bounds of a repetition end with }: {2}, {2,} or {2,5}.");
        if (max < min) throw Source.Error(start, $"the repetition has more at least ({min}) than at most ({max}). Exchange them.");
        return (min, max);
    }

    /// <summary>A code point, written as itself or as an escape.</summary>
    public int Character()
    {
        if (IsAtEnd) throw Error("the grammar ends within a text or a class.");
        if (Current != '\\')
        {
            if (!Rune.TryGetRuneAt(Text, At, out var rune)) throw Error("half of a surrogate pair is no character.");
            At += rune.Utf16SequenceLength;
            return rune.Value;
        }

        var start = At;
        At += 2;
        var escaped = start + 1 < Text.Length ? Text[start + 1] : '\0';
        return escaped switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'x' => Hexadecimal(start, 2),
            'u' => Hexadecimal(start, 4),
            'U' => Hexadecimal(start, 8),
            > ' ' and < '\x7f' when !char.IsAsciiLetterOrDigit(escaped) => escaped,
            _ => throw Source.Error(start, "unknown escape. Known are \\n \\r \\t \\f \\v \\xHH \\uHHHH \\UHHHHHHHH, and \\ before a sign."),
        };
    }

    /// <summary>
    /// A token: <c>&lt;[1000]&gt;</c>, lists and ranges such as <c>&lt;[1,5-7]&gt;</c>, <c>&lt;[^1]&gt;</c> for all others, <c>&lt;[*]&gt;</c> for any, or
    /// its text.
    /// </summary>
    public (HashSet<int> Ids, bool IsNegated) Token()
    {
        var start = At++;
        if (!TryTake("["))
        {
            var end = Text.IndexOf('>', At);
            if (end < 0) throw Source.Error(start, "a token ends with >: <think> or <[1000]>.");
            At = end + 1;
            return ([TokenOf(Text[start..At], start)], false);
        }

        HashSet<int> ids = [];
        var isNegated = TryTake("^");
        if (TryTake("*"))
        {
            isNegated = !isNegated;
        }
        else
        {
            do
            {
                var first = Number();
                var last = TryTake("-") ? Number() : first;
                if (last < first || last - first > 1_000_000) throw Source.Error(start, "the range of tokens ends before it begins, or is too long.");
                for (var id = first; id <= last; id++) ids.Add(id);
            }
            while (TryTake(","));
        }

        if (!TryTake("]>")) throw Error("a token by its id ends with ]>: <[1000]>.");
        if (_tokenizer is { } tokenizer && ids.Any(id => id >= tokenizer.Vocabulary.Count))
        {
            throw Source.Error(start, $"the vocabulary has {tokenizer.Vocabulary.Count} tokens; ids are below that.");
        }

        return (ids, isNegated);
    }

    private void Spaces() => TakeWhile(c => c is ' ' or '\t');

    private int TokenOf(string text, int at)
    {
        if (_tokenizer is null) throw Source.Error(at, "a token by its text needs a tokenizer. Give one, or the token's id: <[1000]>.");
        if (_tokenizer.Vocabulary.Find(text) is { } id) return id;
        var ids = _tokenizer.Encode(text, addSpecial: false, parseSpecial: true);
        return ids is [var only] ? only : throw Source.Error(at, $"{text} is not one token of the vocabulary but {ids.Length}. Write it as a text in quotes.");
    }

    private int Hexadecimal(int start, int digits)
    {
        if (At + digits > Text.Length || !int.TryParse(Text.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point))
        {
            throw Source.Error(start, $"\\{Text[start + 1]} wants {digits} hexadecimal digits.");
        }

        At += digits;
        return Rune.IsValid(point) ? point : throw Source.Error(start, "the number is no character of Unicode.");
    }
}
