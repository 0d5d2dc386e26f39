using CsCheck;

namespace ArchGen.Tokenizers.Tests;

/// <summary>A control token that a stranger writes in a message is text: ranges of a text in which none is read.</summary>
public sealed class PlainRangeTests
{
    private static readonly (string Name, Tokenizer Tokenizer, string Control)[] Cases =
    [
        ("gpt-2", TokenizerFixture.Load("gpt-2"), "<|endoftext|>"),
        ("llama-spm", TokenizerFixture.Load("llama-spm"), "</s>"),
        ("bert-bge", TokenizerFixture.Load("bert-bge"), "[SEP]"),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Without_ranges_control_tokens_are_read(int i)
    {
        var (_, tokenizer, control) = Cases[i];
        var text = $"Hello{control} you";
        Assert.Equal(tokenizer.Encode(text, addSpecial: false, parseSpecial: true), tokenizer.Encode(text, addSpecial: false, Array.Empty<Range>()));
        Assert.Contains(tokenizer.Vocabulary.Find(control)!.Value, tokenizer.Encode(text, addSpecial: false, Array.Empty<Range>()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_range_over_all_is_plain_text(int i)
    {
        var (_, tokenizer, control) = Cases[i];
        var text = $"Hello{control} you";
        Assert.Equal(tokenizer.Encode(text, addSpecial: false, parseSpecial: false), tokenizer.Encode(text, addSpecial: false, [0..text.Length]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_control_token_with_one_plain_character_is_not_read(int i)
    {
        var (_, tokenizer, control) = Cases[i];
        var id = tokenizer.Vocabulary.Find(control)!.Value;
        var text = $"a{control}b{control}";
        for (var at = 1; at <= control.Length; at++)
        {
            var tokens = tokenizer.Encode(text, addSpecial: false, [at..(at + 1)]);
            Assert.Equal(1, tokens.Count(token => token == id));
            Assert.Equal(id, tokens[^1]);
        }
    }

    [Fact]
    public void A_message_never_becomes_a_control_token()
    {
        foreach (var (_, tokenizer, control) in Cases)
        {
            var pieces = Gen.OneOf(Gen.Const(control), Gen.Const(control[..^1]), Gen.Const(control[1..]), Gen.Const(">"), Gen.String[0, 4]);
            Gen.Select(pieces.Array[0, 5], pieces.Array[0, 5]).Sample((first, second) =>
            {
                var (message, answer) = (string.Concat(first), string.Concat(second));
                var text = $"{message}{control}{answer}";
                var tokens = tokenizer.Encode(text, addSpecial: false, [0..message.Length, (message.Length + control.Length)..text.Length]);
                return tokens.Count(token => tokenizer.Vocabulary.Type(token) == TokenType.Control) == 1;
            }, iter: 300, seed: "0000000000001");
        }
    }

    [Fact]
    public void Ranges_that_overlap_or_lie_outside_are_refused()
    {
        var tokenizer = Cases[0].Tokenizer;
        Assert.Throws<ArgumentException>(() => tokenizer.Encode("abc", addSpecial: false, [0..2, 1..3]));
        Assert.Throws<ArgumentException>(() => tokenizer.Encode("abc", addSpecial: false, [2..5]));
    }
}
