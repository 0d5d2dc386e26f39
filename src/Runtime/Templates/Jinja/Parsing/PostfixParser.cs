using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Parsing;

/// <summary>Parses literals and names, and what follows a value: attributes, elements, calls, filters, tests.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="expressions">Parses expressions inside of brackets.</param>
internal sealed class PostfixParser(TokenStream tokens, ExpressionParser expressions)
{
    public Expression ParsePrimary()
    {
        Recursion.Guard();
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Take();
                return ParseName(token);
            case TokenKind.String:
                tokens.Take();
                var text = token.Text;
                while (tokens.Current.Kind == TokenKind.String) text += tokens.Take().Text;
                return new Constant(token.Position, TemplateValue.Trusted(text));
            case TokenKind.Number:
                tokens.Take();
                return new Constant(token.Position, token.Number);
            case TokenKind.Sign when token.Text == "(":
                tokens.Take();
                var value = expressions.ParseTuple(isInBrackets: true);
                tokens.Expect(")");
                return value;
            case TokenKind.Sign when token.Text == "[": return ParseList();
            case TokenKind.Sign when token.Text == "{": return ParseDict();
            default: throw TemplateFault.Syntax($"unexpected '{token.Describe()}'", token.Position);
        }
    }

    public Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (tokens.Current.IsSign(".")) value = ParseAttribute(value);
            else if (tokens.Current.IsSign("[")) value = ParseItem(value);
            else if (tokens.Current.IsSign("(")) value = ParseCall(value);
            else return value;
        }
    }

    public Expression ParseFilters(Expression value)
    {
        while (true)
        {
            if (tokens.Current.IsSign("|")) value = ParseFilter(value, isFirst: false)!;
            else if (tokens.Current.IsName("is")) value = ParseTest(value);
            else if (tokens.Current.IsSign("(")) value = ParseCall(value);
            else return value;
        }
    }

    /// <summary>One filter after the other.</summary>
    /// <param name="value">What they are applied to; null for a block.</param>
    /// <param name="isFirst">Whether the first has no | before it.</param>
    public Expression? ParseFilter(Expression? value, bool isFirst)
    {
        while (isFirst || tokens.Current.IsSign("|"))
        {
            if (!isFirst) tokens.Take();
            isFirst = false;
            var position = tokens.Current.Position;
            var name = ParseDottedName();
            value = new FilterCall(position, value, name, tokens.Current.IsSign("(") ? ParseArguments() : ArgumentList.Empty);
        }

        return value;
    }

    public ArgumentList ParseArguments()
    {
        var start = tokens.Expect("(").Position;
        var (positional, named) = (new List<Expression>(), new List<KeyValuePair<string, Expression>>());
        Expression? more = null, moreNamed = null;
        for (var isFirst = true; !tokens.Current.IsSign(")"); isFirst = false)
        {
            if (!isFirst) tokens.Expect(",");
            if (tokens.Current.IsSign(")")) break;
            var isPossible = moreNamed is null;
            if (tokens.TakeIf("*"))
            {
                isPossible &= more is null;
                more = expressions.Parse();
            }
            else if (tokens.TakeIf("**"))
            {
                moreNamed = expressions.Parse();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Next.IsSign("="))
            {
                var name = tokens.Take().Text;
                tokens.Take();
                if (named.Exists(n => n.Key == name)) throw TemplateFault.Syntax($"keyword argument repeated: {name}", start);
                named.Add(KeyValuePair.Create(name, expressions.Parse()));
            }
            else
            {
                isPossible &= more is null && named.Count == 0;
                positional.Add(expressions.Parse());
            }

            if (!isPossible) throw TemplateFault.Syntax("invalid syntax for function call expression", start);
        }

        tokens.Expect(")");
        return new ArgumentList([.. positional], [.. named], more, moreNamed);
    }

    private Expression ParseName(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True": return new Constant(token.Position, true);
            case "false" or "False": return new Constant(token.Position, false);
            case "none" or "None": return new Constant(token.Position, TemplateValue.None);
            case "caller": expressions.Uses |= MacroUses.Caller; break;
            case "kwargs": expressions.Uses |= MacroUses.NamedArguments; break;
            case "varargs": expressions.Uses |= MacroUses.MoreArguments; break;
        }

        return new Name(token.Position, token.Text);
    }

    private SequenceLiteral ParseList()
    {
        var (position, items) = (tokens.Expect("[").Position, new List<Expression>());
        while (!tokens.Current.IsSign("]"))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (tokens.Current.IsSign("]")) break;
            items.Add(expressions.Parse());
        }

        tokens.Expect("]");
        return new SequenceLiteral(position, [.. items], isTuple: false);
    }

    private DictLiteral ParseDict()
    {
        var (position, entries) = (tokens.Expect("{").Position, new List<KeyValuePair<Expression, Expression>>());
        while (!tokens.Current.IsSign("}"))
        {
            if (entries.Count > 0) tokens.Expect(",");
            if (tokens.Current.IsSign("}")) break;
            var key = expressions.Parse();
            tokens.Expect(":");
            entries.Add(KeyValuePair.Create(key, expressions.Parse()));
        }

        tokens.Expect("}");
        return new DictLiteral(position, [.. entries]);
    }

    private Expression ParseAttribute(Expression value)
    {
        var position = tokens.Take().Position;
        var token = tokens.Take();
        if (token.Kind == TokenKind.Name) return new AttributeAccess(position, value, token.Text);
        if (token.Kind == TokenKind.Number && token.Number.IsInteger) return new ItemAccess(position, value, new Constant(token.Position, token.Number));
        throw TemplateFault.Syntax("expected name or number", token.Position);
    }

    private Expression ParseItem(Expression value)
    {
        var position = tokens.Expect("[").Position;
        var keys = new List<Expression>();
        SliceAccess? slice = null;
        while (!tokens.Current.IsSign("]"))
        {
            if (keys.Count > 0 || slice is not null) tokens.Expect(",");
            if (tokens.Current.IsSign(":")) slice = ParseSlice(position, value, null);
            else if (expressions.Parse() is var key && tokens.Current.IsSign(":")) slice = ParseSlice(position, value, key);
            else keys.Add(key);
        }

        tokens.Expect("]");
        if (slice is null && keys.Count == 0) return new ItemAccess(position, value, new SequenceLiteral(position, [], isTuple: true));
        if (slice is not null && keys.Count > 0) throw TemplateFault.Syntax("a slice among several indices is not supported", position);
        return slice ?? (Expression)new ItemAccess(position, value, keys.Count == 1 ? keys[0] : new SequenceLiteral(position, [.. keys], isTuple: true));
    }

    private SliceAccess ParseSlice(int position, Expression value, Expression? start)
    {
        tokens.Expect(":");
        var stop = tokens.Current.IsSign(":") || IsSliceEnd() ? null : expressions.Parse();
        var step = tokens.TakeIf(":") && !IsSliceEnd() ? expressions.Parse() : null;
        return new SliceAccess(position, value, start, stop, step);
    }

    private bool IsSliceEnd() => tokens.Current.IsSign("]") || tokens.Current.IsSign(",");

    private Call ParseCall(Expression function)
    {
        var position = tokens.Current.Position;
        return new Call(position, function, ParseArguments());
    }

    private string ParseDottedName()
    {
        var name = tokens.Expect(TokenKind.Name, "name").Text;
        while (tokens.TakeIf(".")) name += "." + tokens.Expect(TokenKind.Name, "name").Text;
        return name;
    }

    private Expression ParseTest(Expression value)
    {
        var position = tokens.Take().Position;
        var isNegated = tokens.TakeIfName("not");
        var name = ParseDottedName();
        var arguments = ArgumentList.Empty;
        if (tokens.Current.IsSign("("))
        {
            arguments = ParseArguments();
        }
        else if (IsOperand(tokens.Current))
        {
            if (tokens.Current.IsName("is")) throw TemplateFault.Syntax("You cannot chain multiple tests with is", tokens.Current.Position);
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], [], null, null);
        }

        var test = new TestCall(position, value, name, arguments);
        return isNegated ? new Unary(position, "not", test) : test;
    }

    private static bool IsOperand(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Text is not ("else" or "or" or "and"),
        TokenKind.String or TokenKind.Number => true,
        _ => token.IsSign("[") || token.IsSign("{"),
    };
}
