namespace ArchGen.Grammars.Tests.Gbnf;

public sealed class GbnfTests
{
    [Theory]
    [InlineData("root ::= \"a\" | \"bc\"", "a|bc", "", "ab", "b")]
    [InlineData("root ::= [a-c]+ [^a-z\\n]?", "abc|a1|cé", "", "1", "ad", "a\n")]
    [InlineData("root ::= x{2} y{1,} z{0,2}\nx ::= \"x\"\ny ::= \"y\"\nz ::= \"z\"", "xxy|xxyyyzz", "xy", "xx", "xxyzzz")]
    [InlineData("# comment\nroot ::= ( # inside\n  \"a\"\n  \"b\"\n)* |\n  \"c\"", "|ab|abab|c", "a", "abc")]
    [InlineData("root ::= \"(\" root \")\" | \"x\"", "x|(x)|((x))", "", "(x", "()")]
    [InlineData("root ::= root \"+\" n | n\nn ::= [0-9]+", "1|1+22|1+2+3", "+1", "1+")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F642\\\"\\\\\\n\"", "Aé🙂\"\\\n", "A")]
    [InlineData("root ::= .{2} \"\"", "ab|é🙂", "a", "abc")]
    [InlineData("root ::= [^\\]\\[-] [a-]", "xa|x-", "]a", "[a", "-a")]
    [InlineData("root ::= a \"b\" | \"(\" root \")\"\na ::= [a-z]+", "ab|zzb|(abb)", "b", "(b)")]
    [InlineData("root ::= a? b*\na ::= | root \"x\"\nb ::= \"b\"", "|x|bx|xb|bxxb", "a")]
    public void A_grammar_accepts_its_texts_and_no_others(string grammar, string accepted, params string[] refused)
    {
        var compiled = CompiledGrammar.FromGbnf(grammar);
        foreach (var text in accepted.Split('|')) Assert.True(Texts.Accepts(compiled, text), $"{text} should be accepted");
        foreach (var text in refused) Assert.False(Texts.Accepts(compiled, text), $"{text} should be refused");
    }

    [Theory]
    [InlineData("x ::= \"a\"", "there is no rule called root")]
    [InlineData("root ::= a", "line 1, column 10: there is no rule called a")]
    [InlineData("root ::= \"a", "line 1, column 10: the text has no closing quote")]
    [InlineData("root ::= [a", "line 1, column 10: the class has no ]")]
    [InlineData("root ::= (\"a\"", "line 1, column 10: there is a ( without its )")]
    [InlineData("root ::= \"a\" )", "line 1, column 14: a text")]
    [InlineData("root = \"a\"", "line 1, column 6: ::= was expected")]
    [InlineData("root ::= *", "line 1, column 10: there is nothing before the repetition")]
    [InlineData("root ::= \"a\"{3,2}", "line 1, column 14: the repetition has more")]
    [InlineData("root ::= \"\\q\"", "line 1, column 11: unknown escape")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1: the rule root is defined twice")]
    [InlineData("root ::= <think>", "line 1, column 10: a token by its text needs a tokenizer")]
    [InlineData("root ::= [z-a]", "line 1, column 11: the range ends before it begins")]
    [InlineData("root ::= root \"a\"", "matches no text at all")]
    public void A_mistake_is_named_with_its_place(string grammar, string message)
    {
        var error = Assert.Throws<RequestException>(() => CompiledGrammar.FromGbnf(grammar));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_by_their_ids_are_followed()
    {
        var grammar = CompiledGrammar.FromGbnf("root ::= <[258]> thought <[257]> .*\nthought ::= !<[257]>*");
        GrammarMatcher matcher = new(grammar, Texts.Vocabulary);
        Assert.Equal([Texts.Think], Texts.Allowed(matcher));
        Assert.False(matcher.TryAccept('a'));
        Assert.True(matcher.TryAccept(Texts.Think));
        var inside = Texts.Allowed(matcher);
        Assert.Contains(Texts.Tool, inside);
        Assert.Contains(Texts.Think, inside);
        Assert.DoesNotContain(Texts.End, inside);
        Assert.True(matcher.TryAccept('a'));
        Assert.True(matcher.TryAccept(Texts.Think));
        Assert.False(matcher.CanEnd);
        Assert.True(matcher.TryAccept(Texts.Tool));
        Assert.True(matcher.CanEnd);
        Assert.Contains(Texts.End, Texts.Allowed(matcher));
        Assert.DoesNotContain(Texts.Tool, Texts.Allowed(matcher));
        Assert.True(matcher.TryAccept(Texts.End));
        Assert.True(matcher.IsEnded);
    }

    [Theory]
    [InlineData("root ::= (\"a\"{0,1000}){0,1000}")]
    [InlineData("root ::= x x x x x x x x \"b\"\nx ::= y*\ny ::= z*\nz ::= root? \"a\" |")]
    [InlineData("root ::= root root | \"a\" |")]
    [InlineData("root ::= a\na ::= b | \"a\"\nb ::= a | root")]
    [InlineData("root ::= (root | \"a\"){5,100000} \"a\"?")]
    public void Hostile_grammars_end_in_a_mask_or_a_message(string grammar)
    {
        GrammarLimits limits = new() { StepsPerMask = 200_000, LexerStates = 20_000, RegexParts = 50_000, RowItems = 500 };
        string? message = null;
        try
        {
            GrammarMatcher matcher = new(CompiledGrammar.FromGbnf(grammar, limits: limits), Texts.Vocabulary);
            for (var i = 0; i < 200; i++)
            {
                Assert.NotEmpty(Texts.Allowed(matcher));
                if (!matcher.TryAccept('a')) break;
            }

            message = matcher.Error;
        }
        catch (RequestException error)
        {
            message = error.Message;
        }

        if (message is not null) Assert.Matches("more than|too", message);
    }

    [Fact]
    public void Deep_nesting_and_long_chains_of_rules_are_bounded()
    {
        var deep = Assert.Throws<RequestException>(() => CompiledGrammar.FromGbnf("root ::= " + new string('(', 50_000)));
        Assert.Contains("nested", deep.Message, StringComparison.Ordinal);
        var chain = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"r{i} ::= r{i + 1} \"x\"\n")) + "r20000 ::= \"y\"\nroot ::= r0";
        var grammar = CompiledGrammar.FromGbnf(chain);
        GrammarMatcher matcher = new(grammar, Texts.Vocabulary);
        Assert.True(matcher.TryAccept('y'));
        Assert.Equal(['x'], Texts.Allowed(matcher));
    }
}
