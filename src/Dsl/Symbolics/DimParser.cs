using System;
using System.Collections.Generic;
using System.Globalization;

namespace ArchGen;

/// <summary>
/// Parses dimensions and shapes of attributes and graphs: whole numbers, names (<c>Heads</c>, <c>Layer.Heads</c>), <c>+ - * /</c> and
/// parentheses, with the usual precedence. The text of <see cref="Dim.ToString"/> is parsed as an equal dimension.
/// </summary>
public sealed class DimParser
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _depth;

    private DimParser(string text) => _text = text;

    /// <summary>The dimension, such as <c>2*Ff + Embd/Heads</c>.</summary>
    /// <exception cref="DimFormatException">The text is not a dimension.</exception>
    public static Dim ParseDim(string text)
    {
        if (text is null) throw new ArgumentNullException(nameof(text));
        var parser = new DimParser(text);
        var dim = parser.Sum();
        parser.ExpectEnd("an operator");
        return dim;
    }

    /// <summary>The shape, with or without brackets: <c>[T, Heads*HeadDim]</c>, <c>Vocab, Embd</c>. Only the brackets may be empty.</summary>
    /// <exception cref="DimFormatException">The text is not a shape.</exception>
    public static Shape ParseShape(string text)
    {
        if (text is null) throw new ArgumentNullException(nameof(text));
        var parser = new DimParser(text);
        var bracketed = parser.Skip('[');
        var dims = new List<Dim>();
        if (!bracketed || !parser.Skip(']'))
        {
            do dims.Add(parser.Sum());
            while (parser.Skip(','));
            if (bracketed && !parser.Skip(']')) throw parser.Unexpected("',' or ']'");
        }

        parser.ExpectEnd(bracketed ? "the end" : "an operator, ','");
        return new Shape([.. dims]);
    }

    private Dim Sum()
    {
        var sum = Skip('-') ? Product() * -1 : Product();
        while (true)
        {
            if (Skip('+')) sum += Product();
            else if (Skip('-')) sum -= Product();
            else return sum;
        }
    }

    private Dim Product()
    {
        var product = Value();
        while (true)
        {
            if (Skip('*')) product *= Value();
            else if (Skip('/')) product /= Divisor();
            else return product;
        }
    }

    private Dim Divisor()
    {
        SkipSpace();
        var start = _at;
        var divisor = Value();
        return divisor.Equals(0) ? throw new DimFormatException($"column {start + 1}: a division by zero", start + 1) : divisor;
    }

    private Dim Value()
    {
        SkipSpace();
        if (Skip('('))
        {
            if (++_depth > MaxDepth) throw new DimFormatException($"column {_at}: more than {MaxDepth} parentheses within each other", _at);
            var sum = Sum();
            if (!Skip(')')) throw Unexpected("an operator or ')'");
            _depth--;
            return sum;
        }

        var start = _at;
        if (_at < _text.Length && IsDigit(_text[_at]))
        {
            while (_at < _text.Length && IsDigit(_text[_at])) _at++;
            var digits = _text.Substring(start, _at - start);
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new DimFormatException($"column {start + 1}: {digits} is too large", start + 1);
        }

        do
        {
            if (_at >= _text.Length || !(char.IsLetter(_text[_at]) || _text[_at] == '_'))
            {
                throw Unexpected(_at == start ? "a number, a name or '('" : "a name after '.'");
            }

            while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
        }
        while (SkipHere('.'));
        return Dim.Symbol(_text.Substring(start, _at - start));
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private bool Skip(char expected)
    {
        SkipSpace();
        return SkipHere(expected);
    }

    private bool SkipHere(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected) return false;
        _at++;
        return true;
    }

    private void ExpectEnd(string otherwise)
    {
        SkipSpace();
        if (_at < _text.Length) throw Unexpected(otherwise == "the end" ? otherwise : otherwise + " or the end");
    }

    private DimFormatException Unexpected(string expected)
    {
        SkipSpace();
        var found = _at < _text.Length ? $"'{_text[_at]}'" : "the end";
        return new DimFormatException($"column {_at + 1}: found {found}, expected {expected}", _at + 1);
    }
}
