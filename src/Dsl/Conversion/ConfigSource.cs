using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ArchGen;

/// <summary>A term of a source in config.json: an operation on other terms, or a key, a number, true, false or a string.</summary>
/// <param name="word">The operation (<c>+ - * /</c>), or else the key.</param>
/// <param name="constant">A long, a double, a bool or a string; null for a key or an operation.</param>
/// <param name="operands">The operands of the operation.</param>
internal sealed class ConfigTerm(string word, object? constant, params ConfigTerm[] operands)
{
    public string Word { get; } = word;

    public object? Constant { get; } = constant;

    public IReadOnlyList<ConfigTerm> Operands { get; } = operands;
}

/// <summary>A malformed source in config.json, with the place of the mistake.</summary>
internal sealed class ConfigSourceException(string message, int position) : FormatException(message)
{
    /// <summary>The offset in the source, from 0.</summary>
    public int Position { get; } = position;
}

/// <summary>
/// The syntax of sources in config.json, the same at compile time and at conversion: alternatives separated by <c>|</c>, each a key, a path, a string in
/// single quotes, or arithmetic over keys and numbers with <c>+ - * /</c> and parentheses. What needs more is a method of the architecture.
/// </summary>
internal sealed class ConfigSource
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private readonly int _end;
    private int _at;
    private int _depth;

    private ConfigSource(string text, int start, int end) => (_text, _at, _end) = (text, start, end);

    /// <summary>The alternatives, in order.</summary>
    /// <exception cref="ConfigSourceException">The source is malformed.</exception>
    public static IReadOnlyList<ConfigTerm> Parse(string text)
    {
        var alternatives = new List<ConfigTerm>();
        var start = 0;
        foreach (var part in text.Split('|'))
        {
            alternatives.Add(new ConfigSource(text, start, start + part.TrimEnd().Length).Alternative());
            start += part.Length + 1;
        }

        return alternatives;
    }

    /// <summary>The keys that a source reads; none if it is malformed.</summary>
    public static IEnumerable<string> KeysOf(string text)
    {
        try
        {
            return Parse(text).SelectMany(KeysOf);
        }
        catch (ConfigSourceException)
        {
            return [];
        }
    }

    private static IEnumerable<string> KeysOf(ConfigTerm term) =>
        term.Constant is not null ? [] : term.Operands.Count == 0 ? [term.Word] : term.Operands.SelectMany(KeysOf);

    /// <summary>The numbers for strings of config.json: <c>softmax=1|sigmoid=2</c>.</summary>
    /// <exception cref="ConfigSourceException">The list is malformed.</exception>
    public static IReadOnlyDictionary<string, long> ParseValues(string text)
    {
        var meanings = new Dictionary<string, long>(StringComparer.Ordinal);
        var start = 0;
        foreach (var part in text.Split('|'))
        {
            var sign = part.IndexOf('=');
            if (sign <= 0) throw new ConfigSourceException($"'{part}' is no text and its number, as in softmax=1", start);
            if (!long.TryParse(part.Substring(sign + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                throw new ConfigSourceException($"'{part.Substring(sign + 1)}' is no whole number", start + sign + 1);
            if (meanings.ContainsKey(part.Substring(0, sign))) throw new ConfigSourceException($"'{part.Substring(0, sign)}' stands twice", start);
            meanings.Add(part.Substring(0, sign), number);
            start += part.Length + 1;
        }

        return meanings;
    }

    private ConfigTerm Alternative()
    {
        SkipSpaces();
        if (_at < _end && _text[_at] == '\'')
        {
            if (_end - _at < 2 || _text[_end - 1] != '\'') throw Error("a text ends with a single quote");
            return new ConfigTerm("", _text.Substring(_at + 1, _end - _at - 2));
        }

        var value = Sum();
        return _at == _end ? value : throw Error($"'{_text[_at]}' is not expected here");
    }

    private ConfigTerm Sum()
    {
        if (++_depth > MaxDepth) throw Error("there are too many parentheses");
        var left = Product();
        while (Next('+', '-') is { } op) left = new ConfigTerm(op.ToString(), null, left, Product());
        _depth--;
        return left;
    }

    private ConfigTerm Product()
    {
        var left = Operand();
        while (Next('*', '/') is { } op) left = new ConfigTerm(op.ToString(), null, left, Operand());
        return left;
    }

    private ConfigTerm Operand()
    {
        if (Next('(') is not null) return Closed(Sum());
        var start = _at;
        while (_at < _end && IsOfWord(start)) _at++;
        var word = _text.Substring(start, _at - start);
        if (word.Length == 0) throw Error(_at == _end ? "a key or a number is missing at its end" : $"'{_text[_at]}' is not expected here");
        if (char.IsDigit(word[0])) return new ConfigTerm(word, Number(word, start));
        if (word is "true" or "false") return new ConfigTerm(word, word == "true");
        if (Next('(') is not null)
        {
            throw Error($"'{word}' is a function, and a source has none; write a static method that takes a Config, and name it: Hf = nameof(...)", start);
        }

        return word.Split('.').All(part => part.Length > 0) ? new ConfigTerm(word, null) : throw Error($"'{word}' is no path of keys", start);
    }

    private ConfigTerm Closed(ConfigTerm value) => Next(')') is not null ? value : throw Error("')' is missing");

    private bool IsOfWord(int start) => char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'
        || (_text[_at] is '+' or '-' && _at > start && char.IsDigit(_text[start]) && _text[_at - 1] is 'e' or 'E');

    private static object Number(string word, int start)
    {
        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && !double.IsInfinity(number))
        {
            return number;
        }

        throw new ConfigSourceException($"'{word}' is no number", start);
    }

    private char? Next(char first, char second = '\0')
    {
        SkipSpaces();
        return _at < _end && (_text[_at] == first || _text[_at] == second) ? _text[_at++] : null;
    }

    private void SkipSpaces()
    {
        while (_at < _end && _text[_at] == ' ') _at++;
    }

    private ConfigSourceException Error(string message, int? position = null) => new(message, position ?? _at);
}
