using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Parsing;

/// <summary>Parses a template: text, printed expressions, and statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly StatementParser _statements;
    private readonly Stack<(string Tag, string[] Ends)> _open = new();

    private TemplateParser(List<Token> tokens)
    {
        _tokens = new TokenStream(tokens);
        _expressions = new ExpressionParser(_tokens);
        _statements = new StatementParser(_tokens, _expressions, this);
    }

    /// <summary>Parses a normalized template.</summary>
    /// <exception cref="TemplateFault">It is not a template.</exception>
    public static Body Parse(string source) => new TemplateParser(Lexer.Tokenize(source)).ParseBody([]);

    /// <summary>What follows the current tag up to one of the given tags, whose name becomes current.</summary>
    /// <param name="tag">The tag that is open.</param>
    /// <param name="ends">The names of tags.</param>
    public Body ParseUntil(string tag, params string[] ends)
    {
        Recursion.Guard();
        _tokens.TakeIf(":"); // allowed, as in Python
        _tokens.Expect(TokenKind.StatementEnd, "end of statement block");
        _open.Push((tag, ends));
        var body = ParseBody(ends);
        if (_tokens.Current.Kind == TokenKind.End) throw Unexpected(null, _tokens.Current.Position);
        _open.Pop();
        return body;
    }

    /// <summary>The error of a tag that is not known or not expected; null for the end of the template.</summary>
    public TemplateFault Unexpected(string? name, int position)
    {
        var message = name is null ? "Unexpected end of template." : $"Encountered unknown tag '{name}'.";
        if (_open.Count == 0) return TemplateFault.Syntax(message, position);
        var expected = string.Join(" or ", _open.Peek().Ends.Select(end => $"'{end}'"));
        message += name is not null && _open.Any(o => o.Ends.Contains(name))
            ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {expected}."
            : $" Jinja was looking for the following tags: {expected}.";
        return TemplateFault.Syntax($"{message} The innermost block that needs to be closed is '{_open.Peek().Tag}'.", position);
    }

    private Body ParseBody(string[] ends)
    {
        var statements = new List<Statement>();
        while (_tokens.Current.Kind != TokenKind.End)
        {
            var token = _tokens.Take();
            if (token.Kind == TokenKind.Text)
            {
                statements.Add(new TextOutput(token.Position, token.Text));
            }
            else if (token.Text == "{{")
            {
                statements.Add(new ValueOutput(_tokens.Current.Position, _expressions.ParseTuple()));
                _tokens.Expect(TokenKind.ValueEnd, "end of print statement");
            }
            else
            {
                if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text)) break;
                statements.AddRange(_statements.Parse());
                _tokens.Expect(TokenKind.StatementEnd, "end of statement block");
            }
        }

        return new Body([.. statements]);
    }
}
