using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Parsing;

/// <summary>Parses operators: from conditional expressions down to signs.</summary>
/// <param name="tokens">The tokens.</param>
internal sealed class ExpressionParser(TokenStream tokens)
{
    private static readonly string[] Orders = ["==", "!=", "<", "<=", ">", ">="];

    private PostfixParser? _postfix;

    /// <summary>The variables caller, kwargs and varargs that were read: see <see cref="MacroUses"/>.</summary>
    public MacroUses Uses { get; set; }

    private PostfixParser Postfix => _postfix ??= new PostfixParser(tokens, this);

    /// <summary>An expression.</summary>
    /// <param name="withCondition">Whether it may be a if b else c.</param>
    public Expression Parse(bool withCondition = true)
    {
        Recursion.Guard();
        var value = ParseOr();
        while (withCondition && tokens.Current.IsName("if"))
        {
            var position = tokens.Take().Position;
            var condition = ParseOr();
            var other = tokens.TakeIfName("else") ? Parse() : null;
            value = new Conditional(position, condition, value, other);
        }

        return value;
    }

    /// <summary>An expression, or several with commas between them, which are a tuple.</summary>
    /// <param name="withCondition">Whether it may be a if b else c.</param>
    /// <param name="endName">A keyword before which it ends, or null.</param>
    /// <param name="isInBrackets">Whether it is in brackets, where it may be empty.</param>
    public Expression ParseTuple(bool withCondition = true, string? endName = null, bool isInBrackets = false)
    {
        var (items, isTuple, position) = (new List<Expression>(), false, tokens.Current.Position);
        while (true)
        {
            if (items.Count > 0) tokens.Expect(",");
            if (IsTupleEnd(endName)) break;
            items.Add(Parse(withCondition));
            if (!tokens.Current.IsSign(",")) break;
            isTuple = true;
        }

        if (!isTuple && items.Count > 0) return items[0];
        if (!isTuple && !isInBrackets)
            throw TemplateFault.Syntax($"Expected an expression, got '{tokens.Current.Describe()}'", tokens.Current.Position);
        return new SequenceLiteral(position, [.. items], isTuple: true);
    }

    /// <summary>An operand of * and the like: a value with sign, attributes, calls, filters and tests.</summary>
    public Expression ParseUnary(bool withFilters = true)
    {
        Recursion.Guard();
        var token = tokens.Current;
        Expression value;
        if (token.IsSign("-") || token.IsSign("+"))
        {
            tokens.Take();
            value = new Unary(token.Position, token.Text, ParseUnary(withFilters: false));
        }
        else
        {
            value = Postfix.ParsePrimary();
        }

        value = Postfix.ParsePostfix(value);
        return withFilters ? Postfix.ParseFilters(value) : value;
    }

    public Expression ParsePrimary() => Postfix.ParsePrimary();

    public FilterCall? ParseBlockFilters(bool isFirst) => (FilterCall?)Postfix.ParseFilter(null, isFirst);

    private bool IsTupleEnd(string? endName) => tokens.Current.Kind is TokenKind.ValueEnd or TokenKind.StatementEnd
        || tokens.Current.IsSign(")") || (endName is not null && tokens.Current.IsName(endName));

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.Current.IsName("or")) left = new Logical(tokens.Take().Position, isAnd: false, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.Current.IsName("and")) left = new Logical(tokens.Take().Position, isAnd: true, left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        Recursion.Guard();
        return tokens.Current.IsName("not") ? new Unary(tokens.Take().Position, "not", ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var (rest, position) = (new List<(string, Expression)>(), tokens.Current.Position);
        while (true)
        {
            var token = tokens.Current;
            if (token.Kind == TokenKind.Sign && Orders.Contains(token.Text))
            {
                tokens.Take();
                rest.Add((token.Text, ParseSum()));
            }
            else if (tokens.TakeIfName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (token.IsName("not") && tokens.Next.IsName("in"))
            {
                tokens.Take();
                tokens.Take();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(position, first, [.. rest]);
            }
        }
    }

    private Expression ParseSum() => ParseBinary(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation()
    {
        var (position, parts) = (tokens.Current.Position, new List<Expression> { ParseProduct() });
        while (tokens.Current.IsSign("~"))
        {
            position = tokens.Take().Position;
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : new Concatenation(position, [.. parts]);
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseBinary(() => ParseUnary(), "**");

    private Expression ParseBinary(Func<Expression> operand, params ReadOnlySpan<string> signs)
    {
        var left = operand();
        while (tokens.Current.Kind == TokenKind.Sign && signs.Contains(tokens.Current.Text))
        {
            var token = tokens.Take();
            left = new Binary(token.Position, token.Text, left, operand());
        }

        return left;
    }
}
