using System.Text;
using ArchGen.Grammars.Vocabularies;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Tests;

public sealed class GrammarMatcherTests
{
    private const string Json = """
        root ::= value
        value ::= "{" ws (member ("," ws member)*)? "}" | "[" ws (value ws ("," ws value ws)*)? "]" | string | number | "true" | "null"
        member ::= string ":" ws value ws
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws ::= [ \n]{0,20}
        """;

    private const string Document =
        "{\"name\": \"größer 🙂 \\u00e9\", \"values\": [1, -2.5e3, true, null, {\"a\": \"\"}],\n \"text\": \"The quick brown fox; jumps!\"}";

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void Slices_and_remembered_masks_change_no_mask(string name)
    {
        var tokenizer = Vocabularies.Load(name);
        var divided = TokenVocabulary.Of(tokenizer);
        TokenVocabulary plain = new(Bytes(divided), divided.Ends, slices: false);
        Assert.NotEmpty(divided.Slices);
        Assert.Empty(plain.Slices);
        string[] others = ["root ::= \"\\\"\" [^\"]{0,25} \"\\\"\"", "root ::= ([^<] | \"<\" [^a])* \"<a\"", "root ::= \"\\\"\" [^\"\\n]{3,12} \"x\""];
        foreach (var grammar in (string[])[Json, .. others])
        {
            var compiled = CompiledGrammar.FromGbnf(grammar);
            GrammarMatcher first = new(compiled, divided);
            GrammarMatcher again = new(compiled, divided);
            GrammarMatcher other = new(compiled, plain);
            var text = grammar == Json ? Document : "\"abc def";
            List<int> before = [];
            foreach (var token in tokenizer.Encode(text, addSpecial: false, parseSpecial: false))
            {
                // A grammar that knows nothing yet walks the whole trie.
                GrammarMatcher fresh = new(CompiledGrammar.FromGbnf(grammar), plain);
                Assert.All(before, token => Assert.True(fresh.TryAccept(token)));
                var expected = Texts.Allowed(fresh, plain);
                Assert.Equal(expected, Texts.Allowed(other, plain));
                Assert.Equal(expected, Texts.Allowed(first, divided));
                Assert.Equal(expected, Texts.Allowed(again, divided));
                foreach (var end in (int[])[token, token + 1, 7]) Assert.Equal(expected.Contains(end), first.Fork().TryAccept(end));
                if (!first.TryAccept(token)) break;
                before.Add(token);
                Assert.True(again.TryAccept(token));
                Assert.True(other.TryAccept(token));
            }
        }
    }

    [Fact]
    public void Every_division_of_a_text_into_tokens_is_accepted_or_none()
    {
        var vocabulary = TokenVocabulary.Of(Vocabularies.Load("gpt-2"));
        var byBytes = Enumerable.Range(0, vocabulary.Count)
            .Where(token => vocabulary.Bytes(token).Length is > 0 and < 12)
            .GroupBy(token => Convert.ToHexString(vocabulary.Bytes(token)))
            .ToDictionary(group => group.Key, group => group.First());
        var compiled = CompiledGrammar.FromGbnf(Json);
        Random random = new(11);
        string[] wrong = [Document.Replace("null", "nul", StringComparison.Ordinal), Document.Replace(']', '}'), Document[..^1]];
        foreach (var text in (string[])[Document, .. wrong])
        {
            var accepted = text == Document;
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var i = 0; i < 60; i++)
            {
                GrammarMatcher matcher = new(compiled, vocabulary);
                var isAccepted = true;
                for (var at = 0; at < bytes.Length && isAccepted;)
                {
                    var length = random.Next(1, 9);
                    int token;
                    while (!byBytes.TryGetValue(Convert.ToHexString(bytes, at, Math.Min(length, bytes.Length - at)), out token)) length--;
                    isAccepted = matcher.TryAccept(token);
                    at += vocabulary.Bytes(token).Length;
                }

                Assert.Equal(accepted, isAccepted && matcher.CanEnd);
            }
        }
    }

    [Fact]
    public void A_fork_goes_its_own_way_and_a_rollback_goes_back()
    {
        GrammarMatcher matcher = new(CompiledGrammar.FromGbnf("root ::= [a-c]{0,5} (\"x\" | \"y\")"), Texts.Vocabulary);
        List<List<int>> masks = [Texts.Allowed(matcher)];
        foreach (var token in "abcab")
        {
            Assert.True(matcher.TryAccept(token));
            masks.Add(Texts.Allowed(matcher));
        }

        var fork = matcher.Fork();
        Assert.True(fork.TryAccept('x'));
        Assert.True(fork.TryAccept(Texts.End));
        Assert.Equal(5, matcher.Count);
        for (var count = 5; count >= 0; count--)
        {
            Assert.Equal(masks[count], Texts.Allowed(matcher));
            if (count > 0) matcher.Rollback(1);
        }

        Assert.True(fork.IsEnded);
        fork.Rollback(2);
        Assert.False(fork.IsEnded);
        Assert.Equal(masks[5], Texts.Allowed(fork));
        Assert.Throws<ArgumentOutOfRangeException>(() => matcher.Rollback(1));
    }

    [Fact]
    public void No_token_throws_and_a_refused_one_changes_nothing()
    {
        GrammarMatcher matcher = new(CompiledGrammar.FromGbnf(Json), Texts.Vocabulary);
        int[] refused = [int.MinValue, -1, Texts.Vocabulary.Count, int.MaxValue, 'x', Texts.End, Texts.Tool, '}'];
        Assert.All(refused, token => Assert.False(matcher.TryAccept(token)));
        Assert.Equal(0, matcher.Count);
        Assert.True(matcher.TryAccept('1'));
        Assert.True(matcher.TryAccept(Texts.End));
        Assert.False(matcher.TryAccept('1'));
        Assert.Equal([Texts.End], Texts.Allowed(matcher));
        Assert.Throws<ArgumentException>(() => matcher.ComputeMask(new uint[1]));
    }

    [Fact]
    public void A_limit_is_an_error_and_never_an_open_mask()
    {
        var grammar = CompiledGrammar.FromGbnf("root ::= [a-z]{0,100000} \"!\"", limits: new() { LexerStates = 100 });
        GrammarMatcher matcher = new(grammar, Texts.Vocabulary);
        var mask = new uint[(Texts.Vocabulary.Count + 31) / 32];
        Array.Fill(mask, uint.MaxValue);
        var error = Assert.Throws<RequestException>(() =>
        {
            while (matcher.TryAccept('a')) matcher.ComputeMask(mask);
            Array.Fill(mask, uint.MaxValue);
            matcher.ComputeMask(mask);
        });
        Assert.Contains("more than 100 states", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, matcher.Error);
        Assert.All(mask, word => Assert.Equal(0u, word));
        Assert.False(matcher.TryAccept('a'));
        Assert.Equal(0, matcher.ForcedTokens(new int[4]));

        // A new matcher has room again: the grammar itself is not worn.
        Assert.Contains('a', Texts.Allowed(new(grammar, Texts.Vocabulary)));
    }

    [Fact]
    public void A_vocabulary_that_cannot_go_on_is_an_error()
    {
        TokenVocabulary vocabulary = new(["a"u8.ToArray(), null], [1]);
        GrammarMatcher matcher = new(CompiledGrammar.FromChoices(["ab"]), vocabulary);
        Assert.True(matcher.TryAccept(0));
        var error = Assert.Throws<RequestException>(() => matcher.ComputeMask(new uint[1]));
        Assert.Contains("No token of the vocabulary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_given_up_changes_no_mask()
    {
        // Each word in brackets makes rows of its own, more than are remembered.
        var compiled = CompiledGrammar.FromGbnf("root ::= item\nitem ::= \"(\" item \")\" | [a-z]+ | \"(\" item \",\" item \")\"");
        GrammarMatcher matcher = new(compiled, Texts.Vocabulary);
        for (var i = 0; i < 15_000; i++) Assert.True(matcher.TryAccept('('));
        Assert.True(matcher.TryAccept('a'));
        for (var i = 0; i < 15_000; i++)
        {
            Assert.True(matcher.TryAccept(')'));
            if (i % 1000 == 0) Assert.Equal([')', ','], Texts.Allowed(matcher).Where(token => token < 256));
        }

        Assert.True(matcher.CanEnd);
        Assert.Equal([Texts.End], Texts.Allowed(matcher));
    }

    [Fact]
    public void Lists_of_any_length_are_followed_in_bounded_work()
    {
        const string item = "\nitem ::= \"x\" (\"(\" root \")\")?";
        foreach (var rule in (string[])["root ::= item root | item", "root ::= root item | item", "root ::= item+"])
        {
            GrammarMatcher matcher = new(CompiledGrammar.FromGbnf(rule + item, limits: new() { StepsPerMask = 2_000 }), Texts.Vocabulary);
            for (var i = 0; i < 5_000; i++) Assert.True(matcher.TryAccept('x'), $"{rule}: {matcher.Error}");
            Assert.True(matcher.CanEnd);
            Assert.Equal(['(', 'x', Texts.End], Texts.Allowed(matcher));
        }
    }

    [Fact]
    public async Task Matchers_of_one_grammar_can_be_used_at_once()
    {
        var tokenizer = Vocabularies.Load("gpt-2");
        var compiled = CompiledGrammar.FromGbnf(Json);
        var tokens = tokenizer.Encode(Document, addSpecial: false, parseSpecial: false);
        var expected = Follow(CompiledGrammar.FromGbnf(Json));
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Follow(compiled))));
        Assert.All(all, masks => Assert.Equal(expected, masks));

        ulong Follow(CompiledGrammar grammar)
        {
            GrammarMatcher matcher = new(grammar, tokenizer);
            var mask = new uint[(tokenizer.Vocabulary.Count + 31) / 32];
            ulong sum = 0;
            foreach (var token in tokens)
            {
                matcher.ComputeMask(mask);
                foreach (var word in mask) sum = (sum * 31) + word;
                Assert.True(matcher.TryAccept(token));
            }

            return sum;
        }
    }

    private static byte[]?[] Bytes(TokenVocabulary vocabulary) =>
        [.. Enumerable.Range(0, vocabulary.Count).Select(token => vocabulary.Bytes(token) is { Length: > 0 } bytes ? bytes.ToArray() : null)];
}
