using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Lexing;

/// <summary>
/// Splits a template into tokens. Settings are those of chat templates: trim_blocks (a newline after a statement is dropped), lstrip_blocks (so is white
/// space before one that begins a line), and the last newline of the template is dropped.
/// </summary>
internal sealed class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _isLineStart = true; // whether what came last ended a line

    private Lexer(string source) => _source = source;

    /// <summary>The template as the lexer reads it: lines end with \n, and the last newline is missing.</summary>
    public static string Normalize(string source)
    {
        if (source.Contains('\r', StringComparison.Ordinal))
            source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    /// <summary>The tokens of a normalized template; the last one is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateFault">A tag, a comment or a string does not end, or a character is not possible.</exception>
    public static List<Token> Tokenize(string source)
    {
        var lexer = new Lexer(source);
        while (lexer._at < source.Length) lexer.ReadTextAndTag();
        lexer._tokens.Add(new Token(TokenKind.End, "", source.Length));
        return lexer._tokens;
    }

    private void ReadTextAndTag()
    {
        var start = NextTag(_at);
        if (start < 0)
        {
            AddText(_at, _source.Length);
            _at = _source.Length;
            return;
        }

        var sign = start + 2 < _source.Length && _source[start + 2] is '-' or '+' ? _source[start + 2] : ' ';
        AddText(_at, EndOfText(_at, start, sign, isValue: _source[start + 1] == '{'));
        _at = start + (sign == ' ' ? 2 : 3);
        _isLineStart = false;
        switch (_source[start + 1])
        {
            case '#': SkipComment(start); break;
            case '%' when TryReadRaw(start): break;
            default: ReadTag(start); break;
        }
    }

    private int NextTag(int from)
    {
        for (var i = from; (i = _source.IndexOf('{', i)) >= 0 && i + 1 < _source.Length; i++)
        {
            if (_source[i + 1] is '{' or '%' or '#') return i;
        }

        return -1;
    }

    // The end of the text before a tag, without the white space that the tag strips.
    private int EndOfText(int from, int end, char sign, bool isValue)
    {
        if (sign == '-')
        {
            while (end > from && Characters.IsSpace(_source[end - 1])) end--;
            return end;
        }

        if (sign == '+' || isValue) return end;
        var line = end > from ? _source.LastIndexOf('\n', end - 1, end - from) + 1 : 0;
        if (line == 0 && !_isLineStart) return end;
        line = Math.Max(line, from);
        for (var i = line; i < end; i++)
        {
            if (!Characters.IsSpace(_source[i])) return end;
        }

        return line;
    }

    private void AddText(int from, int to)
    {
        if (to > from) _tokens.Add(new Token(TokenKind.Text, _source[from..to], from));
    }

    // At the end of a tag: white space after -, or one newline after a statement or comment.
    private void SkipAfter(int end, char sign, bool trims)
    {
        if (sign == '-') while (end < _source.Length && Characters.IsSpace(_source[end])) end++;
        else if (sign != '+' && trims && end < _source.Length && _source[end] == '\n') end++;
        _at = end;
        _isLineStart = _source[end - 1] == '\n';
    }

    private void SkipComment(int start)
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw TemplateFault.Syntax("Missing end of comment tag", start);
        SkipAfter(end + 2, end > _at && _source[end - 1] is '-' or '+' ? _source[end - 1] : ' ', trims: true);
    }

    private bool TryReadRaw(int start)
    {
        if (!TryReadWord(_at, "raw", out var end, out var sign) || sign == '+') return false;
        if (sign == '-') while (end < _source.Length && Characters.IsSpace(_source[end])) end++;
        _isLineStart = _source[end - 1] == '\n';
        for (var i = end; (i = _source.IndexOf("{%", i, StringComparison.Ordinal)) >= 0; i += 2)
        {
            var first = i + 2 < _source.Length && _source[i + 2] is '-' or '+' ? _source[i + 2] : ' ';
            if (!TryReadWord(i + (first == ' ' ? 2 : 3), "endraw", out var after, out var last)) continue;
            AddText(end, EndOfText(end, i, first, isValue: false));
            SkipAfter(after, last, trims: true);
            return true;
        }

        throw TemplateFault.Syntax("Missing end of raw directive", start);
    }

    // White space, a word, white space and the end of the tag.
    private bool TryReadWord(int at, string word, out int end, out char sign)
    {
        (end, sign) = (at, ' ');
        while (end < _source.Length && Characters.IsSpace(_source[end])) end++;
        if (string.CompareOrdinal(_source, end, word, 0, word.Length) != 0) return false;
        end += word.Length;
        while (end < _source.Length && Characters.IsSpace(_source[end])) end++;
        if (end < _source.Length && _source[end] is '-' or '+') sign = _source[end++];
        if (string.CompareOrdinal(_source, end, "%}", 0, 2) != 0) return false;
        end += 2;
        return true;
    }

    private void ReadTag(int start)
    {
        var isValue = _source[start + 1] == '{';
        _tokens.Add(new Token(TokenKind.Begin, isValue ? "{{" : "{%", start));
        var reader = new TagReader(_source, _tokens, isValue);
        var end = reader.Read(_at);
        _tokens.Add(new Token(isValue ? TokenKind.ValueEnd : TokenKind.StatementEnd, isValue ? "}}" : "%}", end));
        var sign = _source[end] is '-' or '+' ? _source[end] : ' ';
        SkipAfter(end + (sign == ' ' ? 2 : 3), sign, trims: !isValue);
    }
}
