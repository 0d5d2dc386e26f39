using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Tests;

/// <summary>Tokens that are taken without a choice are those that the tokenizer writes for the whole text.</summary>
public sealed class ForcedTokenTests
{
    private const string Record = """
        root ::= "{\"name_of_the_person\": " string ", \"age\": " [0-9]{1,3} ", \"kind\": " ("\"person\"" | "\"personal computer\"") "}"
        string ::= "\"" [^"\\\x00-\x1F]* "\""
        """;

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void Forced_tokens_are_those_of_the_whole_text(string name)
    {
        var tokenizer = Vocabularies.Load(name);
        var compiled = CompiledGrammar.FromGbnf(Record);
        Random random = new(7);
        var forced = 0;
        for (var i = 0; i < 40; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "abc dé,.:ß }{'"[random.Next(14)]));
            var kind = random.Next(2) == 0 ? "person" : "personal computer";
            var text = $"{{\"name_of_the_person\": \"{value}\", \"age\": {random.Next(1000)}, \"kind\": \"{kind}\"}}";
            var tokens = TokenVocabulary.Of(tokenizer).Encode!(text);
            GrammarMatcher matcher = new(compiled, tokenizer);
            var few = new int[64];
            for (var at = 0; at < tokens.Length; at++)
            {
                var count = matcher.ForcedTokens(few);
                forced += count;
                Assert.Equal(tokens.AsSpan(at, Math.Min(count, tokens.Length - at)).ToArray(), few[..count]);
                Assert.True(matcher.TryAccept(tokens[at]));
            }
        }

        Assert.True(forced > 300, $"{forced}");
    }
}
