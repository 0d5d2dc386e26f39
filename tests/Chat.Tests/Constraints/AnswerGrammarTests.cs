using ArchGen.Chat.Answers;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Grammars;

namespace ArchGen.Chat.Tests.Constraints;

/// <summary>The grammar of an answer accepts what its template writes and the parser reads, and nothing that is forbidden.</summary>
public sealed class AnswerGrammarTests
{
    private const string Texts = """{"city": "Bern", "unit": "two words"}""";
    private const string Values = """{"city": "Bern", "count": 2.5, "flag": true, "list": [1, 2]}""";

    private static readonly ControlTexts Controls = new(TestTemplates.Tokenizer.Vocabulary);

    // Tokens that begin with what closes something.
    private static readonly bool[] Closing = [.. Enumerable.Range(0, TestTemplates.Tokenizer.Vocabulary.Count)
        .Select(id => TestTemplates.Tokenizer.Piece(id, special: false) is [var first, ..] && "\"}]>/)'"u8.Contains(first))];

    public static TheoryData<string> Own => [.. TestTemplates.Own];

    [Theory]
    [MemberData(nameof(Own))]
    public void Calls_as_written_are_accepted(string name)
    {
        var template = TestTemplates.Open(name);
        foreach (var arguments in new[] { Texts, Values })
        {
            var written = WrittenCalls.Of(template, arguments)!;
            foreach (var choice in new[] { ToolChoice.Auto, ToolChoice.Required, ToolChoice.Named("zip_a") })
                Assert.Null(Refused(Grammar(template, written, choice), Compatible(written)));
        }

        if (WrittenCalls.Of(template, Texts, Values) is { } pair && template.Format.ToolCalls!.IsParallel)
        {
            Assert.Null(Refused(Grammar(template, pair, ToolChoice.Auto), Compatible(pair)));
            Assert.NotNull(Refused(Grammar(template, pair, ToolChoice.Auto, isParallel: false), Compatible(pair)));
        }
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_text_is_an_answer_unless_a_call_is_required(string name)
    {
        var template = TestTemplates.Open(name);
        var written = WrittenCalls.Of(template, Texts)!;
        const string text = "Nothing to call: 1 < 2.";
        Assert.Null(Refused(Grammar(template, written, ToolChoice.Auto), text));
        Assert.NotNull(Refused(Grammar(template, written, ToolChoice.Required), text));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Another_tool_than_the_named_one_is_refused(string name)
    {
        var template = TestTemplates.Open(name);
        var written = WrittenCalls.Of(template, Texts)!;
        ToolDefinition[] tools = [.. written.Tools, TestTemplates.Tool("other")];
        var constraint = new AnswerConstraint { Tools = tools, Choice = ToolChoice.Named("other") };
        Assert.NotNull(Refused(AnswerGrammar.Build(template.Format, constraint, Controls, [])!, Compatible(written)));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Arguments_that_the_schema_forbids_are_refused(string name)
    {
        var template = TestTemplates.Open(name);
        // A count that is no number, a list of texts.
        foreach (var arguments in new[] { """{"city": "Bern", "flag": "maybe so"}""", """{"city": "Bern", "list": ["a b"]}""" })
        {
            var written = WrittenCalls.Of(template, arguments)!;
            Assert.NotNull(Refused(Grammar(template, written, ToolChoice.Required), Compatible(written)));
        }
    }

    [Fact]
    public void An_unknown_named_tool_is_an_error()
    {
        var template = TestTemplates.Open("hermes");
        var constraint = new AnswerConstraint { Tools = [TestTemplates.Tool("one")], Choice = ToolChoice.Named("two") };
        var error = Assert.Throws<RequestException>(() => AnswerGrammar.Build(template.Format, constraint, Controls, []));
        Assert.Contains("There is no tool two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_cannot_be_enforced_is_named_and_spares_the_others()
    {
        var template = TestTemplates.Open("hermes");
        var odd = new ToolDefinition("odd", null, TestTemplates.Json("""
            {"type": "object", "properties": {"x": {"type": "array", "uniqueItems": true, "items": {"type": "string"}}}}
            """));
        var warnings = new List<string>();
        var grammar = AnswerGrammar.Build(template.Format, new AnswerConstraint { Tools = [TestTemplates.Tool("zip_a"), odd] }, Controls, warnings)!;
        Assert.Contains("tool odd", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Null(Refused(grammar, "<tool_call>\n{\"name\": \"odd\", \"arguments\": {\"x\": [\"a\", \"a\"]}}\n</tool_call>"));
        Assert.NotNull(Refused(grammar, "<tool_call>\n{\"name\": \"zip_a\", \"arguments\": {}}\n</tool_call>"));
    }

    [Fact]
    public void A_schema_of_the_answer_holds_after_the_thinking()
    {
        var template = TestTemplates.Open("hermes");
        var schema = TestTemplates.Json("""{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}""");
        var constraint = new AnswerConstraint { Grammar = TextGrammar.JsonSchema(schema) };
        var grammar = AnswerGrammar.Build(template.Format, constraint, Controls, [])!;
        Assert.Null(Refused(grammar, "<think>\nLet me see.\n</think>\n\n{\"n\": 3}"));
        Assert.Null(Refused(grammar, "{\"n\": 3}"));
        Assert.NotNull(Refused(grammar, "{\"n\": \"3\"}"));
        Assert.NotNull(Refused(grammar, "The answer is 3."));
        Assert.NotNull(Refused(grammar, "<think>\nLet me see.\n</think>\n\nThree"));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void What_the_grammar_accepts_the_parser_understands(string name)
    {
        var template = TestTemplates.Open(name);
        var written = WrittenCalls.Of(template, Texts)!;
        var grammar = Grammar(template, written, ToolChoice.Required);
        for (var seed = 0; seed < 8; seed++)
        {
            var text = RandomText(grammar, new Random(seed));
            if (text is null) continue;
            var parts = written.Read(text);
            Assert.True(parts.Any(part => part is AnswerToolCall) && !parts.Any(part => part is AnswerMalformedCall), $"{name}, seed {seed}: {text}");
        }
    }

    // Our own arguments are JSON in formats of other notations, too.
    private static string Compatible(WrittenCalls written) => written.Text.Replace("True", "true", StringComparison.Ordinal);

    private static CompiledGrammar Grammar(ChatTemplate template, WrittenCalls written, ToolChoice choice, bool isParallel = true) => AnswerGrammar.Build(
        template.Format, new AnswerConstraint { Tools = written.Tools, Choice = choice, IsParallel = isParallel }, Controls, [])!;

    // The text from the first token that is refused on; null if all is accepted and may end.
    private static string? Refused(CompiledGrammar grammar, string text)
    {
        var tokenizer = TestTemplates.Tokenizer;
        var matcher = new GrammarMatcher(grammar, tokenizer);
        var tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: true);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!matcher.TryAccept(tokens[i])) return tokenizer.Decode(tokens.AsSpan(i), special: true);
        }

        return matcher.CanEnd ? null : "(the end)";
    }

    // A random walk along the masks that prefers tokens which close what is open; null if it does not come to an end.
    private static string? RandomText(CompiledGrammar grammar, Random random)
    {
        var tokenizer = TestTemplates.Tokenizer;
        var matcher = new GrammarMatcher(grammar, tokenizer);
        var mask = new uint[(tokenizer.Vocabulary.Count + 31) / 32];
        var tokens = new List<int>();
        while (!matcher.CanEnd || random.Next(4) != 0)
        {
            if (tokens.Count == 200) return matcher.CanEnd ? tokenizer.Decode([.. tokens], special: true) : null;
            matcher.ComputeMask(mask);
            var allowed = Enumerable.Range(0, tokenizer.Vocabulary.Count)
                .Where(id => (mask[id >> 5] >> (id & 31) & 1) != 0 && !tokenizer.Vocabulary.IsEndOfGeneration(id)).ToList();
            if (allowed.Count == 0) break;
            var closing = allowed.FindAll(id => Closing[id]);
            var from = closing.Count > 0 && random.Next(3) != 0 ? closing : allowed;
            var next = from[random.Next(from.Count)];
            Assert.True(matcher.TryAccept(next));
            tokens.Add(next);
        }

        return tokenizer.Decode([.. tokens], special: true);
    }
}
