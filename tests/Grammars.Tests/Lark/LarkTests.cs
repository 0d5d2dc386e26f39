namespace ArchGen.Grammars.Tests.Lark;

public sealed class LarkTests
{
    [Theory]
    [InlineData("start: \"a\" | \"bc\"", "a|bc", "", "ab")]
    [InlineData("start: A B?\nA: \"a\"+\nB: /[0-9]{2}/", "a|aa12", "12", "a1")]
    [InlineData("%ignore /[ ]+/\nstart: \"a\" \"b\"", "ab|a b| a  b ", "a", "a\tb")]
    [InlineData(
        "%import common.INT\n%import common.WS_INLINE -> W\n%ignore W\nstart: sum\n?sum: product | sum \"+\" product -> add\n!product: INT | \"(\" sum \")\"",
        "1|1+2|(1 + 2)+3", "+", "(1")]
    [InlineData("start: \"a\"i \"x\"..\"z\"", "ax|Az", "aw", "bx")]
    [InlineData("start: (\"a\"\n  | \"b\") ~ 2..3 // comment\n  | \"c\"~2 # more\n", "ab|bba|cc", "a", "aaaa", "c")]
    [InlineData("start: [\"a\"] \"b\"", "b|ab", "a")]
    [InlineData("start: \"<\" %json {\"type\": \"array\", \"items\": {\"const\": 1}} \">\"", "<[]>|<[1,1]>", "<[2]>", "[]", "<[1]")]
    [InlineData("start: X\nX: /[a-z]*/ & ~/(?s:.*)no(?s:.*)/", "|yes|n|on", "no", "xnoy")]
    [InlineData("start: T \"!\"\nT[lazy]: X\nX: /a+/", "", "!")]
    [InlineData("start: t \"!\"\nt[lazy]: X\nX: /a+/", "a!", "aa!")]
    [InlineData("start: t \"!\"\nt[suffix=\"b\"]: /.*/", "b!|aab!", "abb!", "a!")]
    [InlineData("start: name\n_a: \"a\"\nname: _a-b -> c\n_a-b: \"x\"", "x", "a")]
    [InlineData(
        "%import common (ESCAPED_STRING, SIGNED_NUMBER)\nstart: \"[\" [v (\",\" v)*] \"]\"\nv: ESCAPED_STRING | SIGNED_NUMBER | start",
        "[]|[1,-2.5e3]|[\"a\\\"b\",[]]", "[", "[1,]")]
    public void A_grammar_accepts_its_texts_and_no_others(string grammar, string accepted, params string[] refused)
    {
        if (grammar.Contains("T[lazy]", StringComparison.Ordinal))
        {
            var error = Assert.Throws<RequestException>(() => CompiledGrammar.FromLark(grammar));
            Assert.Contains("only rules have attributes", error.Message, StringComparison.Ordinal);
            return;
        }

        var compiled = CompiledGrammar.FromLark(grammar);
        foreach (var text in accepted.Split('|')) Assert.True(Texts.Accepts(compiled, text), $"{text} should be accepted");
        foreach (var text in refused) Assert.False(Texts.Accepts(compiled, text), $"{text} should be refused");
    }

    [Theory]
    [InlineData("x: \"a\"", "there is no rule called start")]
    [InlineData("start: X", "line 1, column 8: there is no rule called X")]
    [InlineData("start: X\nX: \"a\" X", "the terminal X is not regular")]
    [InlineData("start: \"a\nb\"", "line 1, column 8: the text has no closing quote")]
    [InlineData("start: /a", "line 1, column 8: the pattern has no closing /")]
    [InlineData("start: /a(?=b)/", "lookaround")]
    [InlineData("%import python.INT\nstart: INT", "only the module common")]
    [InlineData("%import common.FOO\nstart: FOO", "common has no FOO")]
    [InlineData("start.2: \"a\"", "priorities")]
    [InlineData("start{x}: \"a\"", "templates")]
    [InlineData("start[max_tokens=3]: \"a\"", "max_tokens is not supported")]
    [InlineData("start: %json {\"type\": \"thing\"}", "#/type: \"thing\" is not a type")]
    [InlineData("start: x & \"a\"\nx: x \"a\" |", "terminals only")]
    [InlineData("start: \"a\" )", "line 1, column 12")]
    [InlineData("%declare X\nstart: \"a\"", "unknown statement")]
    public void A_mistake_is_named_with_its_place(string grammar, string message)
    {
        var error = Assert.Throws<RequestException>(() => CompiledGrammar.FromLark(grammar));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_stand_beside_texts()
    {
        var grammar = CompiledGrammar.FromLark("start: TEXT | <[257]> \"f(\" /[a-z]*/ \")\" <[258]>\nTEXT: /[^{](.|\\n)*/");
        GrammarMatcher matcher = new(grammar, Texts.Vocabulary);
        var first = Texts.Allowed(matcher);
        Assert.Contains(Texts.Tool, first);
        Assert.Contains('a', first);
        Assert.DoesNotContain('{', first);
        Assert.DoesNotContain(Texts.Think, first);
        Assert.True(matcher.TryAccept(Texts.Tool));
        Assert.Equal(['f'], Texts.Allowed(matcher));
        foreach (var c in "f(ab)") Assert.True(matcher.TryAccept(c));
        Assert.Equal([Texts.Think], Texts.Allowed(matcher));
        Assert.True(matcher.TryAccept(Texts.Think));
        Assert.Equal([Texts.End], Texts.Allowed(matcher));
    }
}
