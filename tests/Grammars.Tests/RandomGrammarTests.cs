using System.Text;
using ArchGen.Grammars.Regexes;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Tests;

/// <summary>Masks, acceptance and ends are those of a recognizer that lists the language.</summary>
public sealed class RandomGrammarTests
{
    [Theory]
    [InlineData(1, 150)]
    [InlineData(2, 150)]
    public void Masks_are_the_tokens_that_some_sentence_goes_on_with(int seed, int grammars)
    {
        Random random = new(seed);
        var checks = 0;
        for (var i = 0; i < grammars; i++)
        {
            NaiveGrammar naive = new(random);
            if (!naive.CanMatch)
            {
                Assert.Throws<RequestException>(naive.Build);
                continue;
            }

            var vocabulary = RandomVocabulary(random);
            var grammar = naive.Build();
            for (var walk = 0; walk < 3; walk++) checks += Walk(naive, grammar, vocabulary, random);
        }

        Assert.True(checks > 3 * grammars, $"only {checks} masks were compared");
    }

    [Fact]
    public void Expressions_match_what_their_definition_says()
    {
        Random random = new(3);
        var all = NaiveExpression.AllStrings(5);
        for (var i = 0; i < 600; i++)
        {
            RegexBuilder builder = new();
            var naive = NaiveExpression.Random(random, 3, booleans: true);
            var regex = naive.Build(builder);
            var strings = naive.Strings(5);
            foreach (var text in all) Assert.True(builder.Matches(regex, Encoding.UTF8.GetBytes(text)) == strings.Contains(text), $"{naive} on {text}");
            if (strings.Count > 0) Assert.False(builder.IsEmpty(regex));
            var abc = builder.Repeat(builder.Bytes(ByteSet.Range((byte)'a', (byte)'c')), 0, 5);
            Assert.Equal(strings.Count == 0, builder.IsEmpty(builder.And(regex, abc)));
        }
    }

    private static int Walk(NaiveGrammar naive, CompiledGrammar grammar, TokenVocabulary vocabulary, Random random)
    {
        GrammarMatcher matcher = new(grammar, vocabulary);
        var mask = new uint[(vocabulary.Count + 31) / 32];
        var text = "";
        for (var step = 0; ; step++)
        {
            Assert.Equal(naive.IsSentence(text), matcher.CanEnd);
            List<int> allowed = [];
            try
            {
                matcher.ComputeMask(mask);
            }
            catch (RequestException)
            {
                for (var token = 0; token < vocabulary.Count; token++) Assert.False(IsAllowed(naive, vocabulary, text, token) == true);
                return step;
            }

            for (var token = 0; token < vocabulary.Count; token++)
            {
                var isSet = (mask[token / 32] >> (token % 32) & 1) != 0;
                if (IsAllowed(naive, vocabulary, text, token) is { } expected)
                {
                    Assert.True(expected == isSet, $"after '{text}' token {token} '{Encoding.UTF8.GetString(vocabulary.Bytes(token))}': {isSet}");
                    var fork = matcher.Fork();
                    Assert.Equal(expected, fork.TryAccept(token));
                    if (expected && !vocabulary.IsEnd(token)) allowed.Add(token);
                }
            }

            if (allowed.Count == 0) return step + 1;
            var next = allowed[random.Next(allowed.Count)];
            Assert.True(matcher.TryAccept(next));
            text += Encoding.UTF8.GetString(vocabulary.Bytes(next));
        }
    }

    private static bool? IsAllowed(NaiveGrammar naive, TokenVocabulary vocabulary, string text, int token)
    {
        if (vocabulary.IsEnd(token)) return naive.IsSentence(text);
        var longer = text + Encoding.UTF8.GetString(vocabulary.Bytes(token));
        if (!NaiveGrammar.IsShort(longer)) return null;
        return longer.Length > text.Length && naive.IsBeginning(longer);
    }

    private static TokenVocabulary RandomVocabulary(Random random)
    {
        List<byte[]?> tokens = [null, "a"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray(), "d"u8.ToArray(), null];
        for (var i = 0; i < 40; i++)
        {
            var text = "";
            for (var length = random.Next(1, 5); length > 0; length--) text += NaiveExpression.Alphabet[random.Next(3)];
            tokens.Add(Encoding.UTF8.GetBytes(text));
        }

        return new([.. tokens], ends: [0], slices: random.Next(2) == 0);
    }
}
