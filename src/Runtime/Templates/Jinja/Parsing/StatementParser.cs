using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Parsing;

/// <summary>Parses statements.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="expressions">Parses their expressions.</param>
/// <param name="bodies">Parses their bodies.</param>
internal sealed class StatementParser(TokenStream tokens, ExpressionParser expressions, TemplateParser bodies)
{
    private readonly HashSet<string> _blocks = new(StringComparer.Ordinal);
    private int _loops; // around the current statement, inside of its macro
    private int _allLoops; // around the current statement

    /// <summary>The statement at the current token, the name of its tag, up to the end of its last tag.</summary>
    public IEnumerable<Statement> Parse()
    {
        var token = tokens.Expect(TokenKind.Name, "tag name");
        return token.Text switch
        {
            "print" => ParsePrint(),
            _ => [ParseTag(token.Text, token.Position)],
        };
    }

    private Statement ParseTag(string tag, int position) => tag switch
    {
        "if" => ParseIf(position),
        "for" => ParseFor(position),
        "set" => ParseSet(position),
        "macro" => ParseMacro(position),
        "call" => ParseCall(position),
        "filter" => ParseFilter(position),
        "with" => ParseWith(position),
        "do" => new Evaluation(position, expressions.ParseTuple()),
        "break" or "continue" => ParseJump(tag, position),
        "generation" => new ScopeBlock(position, [], [], ParseClosed("generation", "endgeneration")),
        "autoescape" => new AutoescapeBlock(position, expressions.Parse(), ParseClosed("autoescape", "endautoescape")),
        "block" => ParseBlock(position),
        "include" or "import" or "from" or "extends" => ParseOther(tag, position),
        _ => throw bodies.Unexpected(tag, position),
    };

    private Body ParseClosed(string tag, string end)
    {
        var body = bodies.ParseUntil(tag, end);
        tokens.Take();
        return body;
    }

    private List<Statement> ParsePrint()
    {
        var outputs = new List<Statement>();
        while (tokens.Current.Kind != TokenKind.StatementEnd)
        {
            if (outputs.Count > 0) tokens.Expect(",");
            outputs.Add(new ValueOutput(tokens.Current.Position, expressions.Parse()));
        }

        return outputs;
    }

    private IfStatement ParseIf(int position)
    {
        var branches = new List<(Expression, Body)>();
        string tag;
        do
        {
            var condition = expressions.ParseTuple(withCondition: false);
            branches.Add((condition, bodies.ParseUntil("if", "elif", "else", "endif")));
            tag = tokens.Take().Text;
        }
        while (tag == "elif");
        return new IfStatement(position, [.. branches], tag == "else" ? ParseClosed("if", "endif") : Body.Empty);
    }

    private ForStatement ParseFor(int position)
    {
        var target = ParseTarget("in");
        if (target.Names.Contains("loop")) throw LoopAssigned(position);
        tokens.ExpectName("in");
        var items = expressions.ParseTuple(withCondition: false, "recursive");
        var condition = tokens.TakeIfName("if") ? expressions.Parse() : null;
        var isRecursive = tokens.TakeIfName("recursive");
        _allLoops++;
        _loops++;
        var body = bodies.ParseUntil("for", "endfor", "else");
        _loops--;
        var otherwise = tokens.Take().Text == "else" ? ParseClosed("for", "endfor") : null;
        _allLoops--;
        return new ForStatement(position, target, items, condition, isRecursive, body, otherwise);
    }

    private static TemplateFault LoopAssigned(int position) =>
        new(TemplateErrorKind.TemplateAssertionError, "Can't assign to special loop variable in for-loop target") { Position = position };

    private Statement ParseSet(int position)
    {
        var target = ParseTarget("=", allowsNamespace: true);
        if (_allLoops > 0 && target.Names.Contains("loop")) throw LoopAssigned(position);
        if (tokens.TakeIf("=")) return new Assignment(position, target, expressions.ParseTuple());
        var filter = expressions.ParseBlockFilters(isFirst: false);
        return new BlockAssignment(position, target, filter, ParseClosed("set", "endset"));
    }

    private MacroStatement ParseMacro(int position)
    {
        var name = tokens.Expect(TokenKind.Name, "name").Text;
        var (parameters, defaults) = ParseParameters();
        return new MacroStatement(position, Define(name, parameters, defaults, "macro", position));
    }

    private CallStatement ParseCall(int position)
    {
        var (parameters, defaults) = tokens.Current.IsSign("(") ? ParseParameters() : ([], []);
        var call = expressions.Parse() as Call ?? throw TemplateFault.Syntax("expected call", position);
        return new CallStatement(position, Define(null, parameters, defaults, "call", position), call);
    }

    private MacroDefinition Define(string? name, string[] parameters, Expression[] defaults, string tag, int position)
    {
        var (outer, loops) = (expressions.Uses, _loops);
        (expressions.Uses, _loops) = (MacroUses.None, 0);
        var body = ParseClosed(tag, "end" + tag);
        var uses = expressions.Uses;
        (expressions.Uses, _loops) = (outer | uses, loops);
        var caller = Array.IndexOf(parameters, "caller");
        if (caller >= 0 && uses.HasFlag(MacroUses.Caller) && caller < parameters.Length - defaults.Length)
        {
            throw new TemplateFault(
                TemplateErrorKind.TemplateAssertionError,
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.") { Position = position };
        }

        return new MacroDefinition(name, parameters, defaults, body, uses);
    }

    private (string[] Parameters, Expression[] Defaults) ParseParameters()
    {
        tokens.Expect("(");
        var (parameters, defaults) = (new List<string>(), new List<Expression>());
        while (!tokens.Current.IsSign(")"))
        {
            if (parameters.Count > 0) tokens.Expect(",");
            var name = tokens.Expect(TokenKind.Name, "name");
            if (parameters.Contains(name.Text)) throw TemplateFault.Syntax($"duplicate argument '{name.Text}' in function definition", name.Position);
            parameters.Add(name.Text);
            if (tokens.TakeIf("=")) defaults.Add(expressions.Parse());
            else if (defaults.Count > 0) throw TemplateFault.Syntax("non-default argument follows default argument", name.Position);
        }

        tokens.Expect(")");
        return ([.. parameters], [.. defaults]);
    }

    private FilterBlock ParseFilter(int position)
    {
        var filter = expressions.ParseBlockFilters(isFirst: true)!;
        return new FilterBlock(position, filter, ParseClosed("filter", "endfilter"));
    }

    private ScopeBlock ParseWith(int position)
    {
        var (targets, values) = (new List<Target>(), new List<Expression>());
        while (tokens.Current.Kind != TokenKind.StatementEnd)
        {
            if (targets.Count > 0) tokens.Expect(",");
            targets.Add(ParseTarget("="));
            tokens.Expect("=");
            values.Add(expressions.Parse());
        }

        return new ScopeBlock(position, [.. targets], [.. values], ParseClosed("with", "endwith"));
    }

    private Jump ParseJump(string tag, int position)
    {
        if (_loops == 0) throw TemplateFault.Syntax($"'{tag}' outside loop", position);
        return new Jump(position, tag == "break" ? Flow.Break : Flow.Continue);
    }

    private ScopeBlock ParseBlock(int position)
    {
        var name = tokens.Expect(TokenKind.Name, "name");
        if (!_blocks.Add(name.Text))
            throw new TemplateFault(TemplateErrorKind.TemplateAssertionError, $"block '{name.Text}' defined twice") { Position = position };
        var isScoped = tokens.TakeIfName("scoped");
        var loops = _loops;
        _loops = 0;
        var body = ParseClosed("block", "endblock");
        _loops = loops;
        tokens.TakeIfName(name.Text);
        return new ScopeBlock(position, [], [], body, seesOuter: isScoped);
    }

    private OtherTemplate ParseOther(string tag, int position)
    {
        var name = expressions.Parse();
        // What follows says how the other template would be used; there is none.
        var isOptional = tag == "include" && tokens.Current.IsName("ignore") && tokens.Next.IsName("missing");
        while (tokens.Current.Kind is not (TokenKind.StatementEnd or TokenKind.End)) tokens.Take();
        return new OtherTemplate(position, tag, name, isOptional);
    }

    private Target ParseTarget(string end, bool allowsNamespace = false)
    {
        var (position, targets, isTuple) = (tokens.Current.Position, new List<Target>(), false);
        while (!tokens.Current.IsName(end) && !tokens.Current.IsSign(end) && !tokens.Current.IsSign(")") && tokens.Current.Kind != TokenKind.StatementEnd)
        {
            targets.Add(ParseSingleTarget(allowsNamespace));
            if (!tokens.TakeIf(",")) break;
            isTuple = true;
        }

        if (targets.Count == 0) throw TemplateFault.Syntax($"Expected an expression, got '{tokens.Current.Describe()}'", position);
        return isTuple ? new TupleTarget(position, [.. targets]) : targets[0];
    }

    private Target ParseSingleTarget(bool allowsNamespace)
    {
        Recursion.Guard();
        var token = tokens.Take();
        if (token.IsSign("("))
        {
            var inner = ParseTarget(")", allowsNamespace);
            tokens.Expect(")");
            return inner;
        }

        if (token.Kind != TokenKind.Name) throw TemplateFault.Syntax($"can't assign to '{token.Describe()}'", token.Position);
        if (token.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw TemplateFault.Syntax($"can't assign to '{token.Text}'", token.Position);
        if (allowsNamespace && tokens.TakeIf(".")) return new NamespaceTarget(token.Position, token.Text, tokens.Expect(TokenKind.Name, "name").Text);
        return new NameTarget(token.Position, token.Text);
    }
}
