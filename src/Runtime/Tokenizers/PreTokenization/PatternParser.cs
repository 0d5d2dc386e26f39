using System.Text;

namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>
/// Reads a split pattern. The notation is that of .NET's regular expressions, class subtraction <c>[\p{L}-[a-z]]</c> included, as far as tokenizers need
/// it; categories are L, M, N, P, S and Han, and Upper (Lu and Lt) and Lower (Ll).
/// </summary>
internal sealed class PatternParser
{
    private readonly string _pattern;
    private readonly int[] _runes;
    private int _at;
    private int _memories;

    private PatternParser(string pattern)
    {
        _pattern = pattern;
        _runes = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    }

    /// <returns>The alternatives, and the number of runs whose failures the matcher stores.</returns>
    public static (PatternNode.Group Root, int Memories) Parse(string pattern)
    {
        PatternParser parser = new(pattern);
        var alternatives = parser.ReadAlternatives();
        if (parser._at < parser._runes.Length) throw parser.Unexpected("the end");
        if (alternatives.Length > 32) throw parser.Unexpected("at most 32 alternatives");
        return (new(alternatives, 1, 1), parser._memories);
    }

    private int Current => _at < _runes.Length ? _runes[_at] : -1;

    private PatternNode[][] ReadAlternatives()
    {
        List<PatternNode[]> alternatives = [ReadSequence()];
        while (TryTake("|")) alternatives.Add(ReadSequence());
        return [.. alternatives];
    }

    private PatternNode[] ReadSequence()
    {
        List<PatternNode> nodes = [];
        while (Current is not (-1 or '|' or ')')) nodes.Add(ReadNode());

        // Only an unbounded run with something after it can be entered repeatedly without a match.
        for (var i = 0; i < nodes.Count - 1; i++)
        {
            if (nodes[i] is PatternNode.Run { Max: int.MaxValue } run) nodes[i] = run with { Memory = _memories++ };
        }

        return [.. nodes];
    }

    private PatternNode ReadNode()
    {
        if (TryTake("$")) return new PatternNode.AtEnd();
        if (TryTake("(?=")) return new PatternNode.LookAhead(ReadGroup(), Negative: false);
        if (TryTake("(?!")) return new PatternNode.LookAhead(ReadGroup(), Negative: true);
        if (TryTake("(?:")) return ReadRepeatedGroup();
        var members = ReadClass();
        var (min, max) = ReadQuantifier();
        return new PatternNode.Run(members, min, max, Memory: -1);
    }

    private PatternNode.Group ReadRepeatedGroup()
    {
        var alternatives = ReadGroup();
        var (min, max) = ReadQuantifier();
        if ((min, max) != (1, 1) && !TryTake("+")) throw Unexpected("a possessive quantifier (\"+\") behind a group");
        return new(alternatives, min, max);
    }

    private PatternNode[][] ReadGroup()
    {
        var alternatives = ReadAlternatives();
        Take(")");
        return alternatives;
    }

    private (int Min, int Max) ReadQuantifier()
    {
        if (TryTake("?")) return (0, 1);
        if (TryTake("*")) return (0, int.MaxValue);
        if (TryTake("+")) return (1, int.MaxValue);
        if (!TryTake("{")) return (1, 1);
        var min = ReadNumber();
        var max = TryTake(",") ? ReadNumber() : min;
        Take("}");
        return (min, max);
    }

    private int ReadNumber()
    {
        var start = _at;
        while (Current is >= '0' and <= '9') _at++;
        return start < _at ? int.Parse(_runes[start.._at].Select(rune => (char)rune).ToArray()) : throw Unexpected("a number");
    }

    private CharacterClass ReadClass()
    {
        if (TryTake("[")) return ReadBracket();
        CharacterClass members = new();
        if (Current is '*' or '+' or '?' or '(' or '{' or '}' or '.' or '^') throw Unexpected("a character, a class or a group");
        ReadMember(members);
        members.Complete(negated: false, except: null);
        return members;
    }

    private CharacterClass ReadBracket()
    {
        CharacterClass members = new();
        CharacterClass? except = null;
        var negated = TryTake("^");
        while (!TryTake("]"))
        {
            if (TryTake("-[")) except = ReadBracket();
            else ReadMember(members);
        }

        members.Complete(negated, except);
        return members;
    }

    /// <summary>Reads one character, range or named class.</summary>
    private void ReadMember(CharacterClass members)
    {
        if (Current == '\\' && _at + 1 < _runes.Length && _runes[_at + 1] is 's' or 'S' or 'd' or 'p' or 'P')
        {
            _at++;
            var start = _at++;
            if (_runes[start] is 'p' or 'P') _at = Array.IndexOf(_runes, '}', start) + 1;
            var name = string.Concat(_runes[start.._at].Select(rune => (char)rune));
            if (!members.TryAdd(name)) throw Unexpected("a known class");
            return;
        }

        var first = ReadCharacter();
        var isRange = Current == '-' && _at + 1 < _runes.Length && _runes[_at + 1] is not (']' or '[');
        if (isRange) _at++;
        members.Add(first, isRange ? ReadCharacter() : first);
    }

    private int ReadCharacter()
    {
        if (Current < 0) throw Unexpected("a character");
        if (_runes[_at++] != '\\') return _runes[_at - 1];
        if (Current < 0) throw Unexpected("a character behind \"\\\"");
        return _runes[_at++] switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            var literal => literal,
        };
    }

    private bool TryTake(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_at + i >= _runes.Length || _runes[_at + i] != text[i]) return false;
        }

        _at += text.Length;
        return true;
    }

    private void Take(string text)
    {
        if (!TryTake(text)) throw Unexpected($"\"{text}\"");
    }

    private FormatException Unexpected(string expected) => new($"Split pattern {_pattern}: expected {expected} at character {_at}.");
}
