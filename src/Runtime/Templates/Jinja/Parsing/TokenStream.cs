using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Parsing;

/// <summary>The tokens of a template, of which the parser looks at one and the next.</summary>
/// <param name="tokens">The tokens; the last is the end.</param>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>The current token; the one after it becomes current.</summary>
    public Token Take()
    {
        var token = tokens[_at];
        if (_at < tokens.Count - 1) _at++;
        return token;
    }

    public bool TakeIf(string sign)
    {
        if (!Current.IsSign(sign)) return false;
        Take();
        return true;
    }

    public bool TakeIfName(string name)
    {
        if (!Current.IsName(name)) return false;
        Take();
        return true;
    }

    public Token Expect(TokenKind kind, string described) => Current.Kind == kind ? Take() : throw Expected(described);

    public Token Expect(string sign) => Current.IsSign(sign) ? Take() : throw Expected(sign);

    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Expected(name);

    public TemplateFault Expected(string described)
    {
        if (Current.Kind == TokenKind.End) return TemplateFault.Syntax($"unexpected end of template, expected '{described}'.", Current.Position);
        return TemplateFault.Syntax($"expected token '{described}', got '{Current.Describe()}'", Current.Position);
    }
}
