using System.Text;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using CsCheck;

namespace ArchGen.Tokenizers.Tests;

/// <summary>PLaMo's tokens of short texts against all divisions of them.</summary>
public sealed class PlamoTokenizerTests
{
    private const int First = 260;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_best_division_is_found(int seed)
    {
        var random = new Random(seed);
        var pieces = Enumerable.Range(0, 12).Select(_ => Text(random, random.Next(1, 4))).Distinct().ToArray();
        // Whole scores make ties; a score of -1500 costs more than bytes, one below -2000 is never used.
        var scores = Array.ConvertAll(pieces, _ => random.Next(6) == 0 ? random.Next(-2500, -900) : random.Next(-5, 1));
        var tokenizer = Make(pieces, scores);
        for (var run = 0; run < 20; run++)
        {
            var text = Text(random, random.Next(1, 8));
            var expected = Best(text, pieces, scores).Tokens;
            Assert.Equal(expected, tokenizer.Encode(text, addSpecial: false, parseSpecial: false));
            Assert.Equal(text, tokenizer.Decode(expected, special: true));
        }
    }

    [Fact]
    public void Every_text_comes_back()
    {
        var tokenizer = Make(["ab", "é", "中文", " the"], [-1, -2, -3, -4]);
        AnyText.Whole.Select(text => text.TrimStart('\uFEFF')).Sample(
            text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecial: false, parseSpecial: false), special: true)), iter: 1000);
    }

    [Fact]
    public void A_marker_is_text_unless_it_is_asked_for()
    {
        var tokenizer = Make(["a"], [-1]);
        Assert.Equal([1], tokenizer.Encode("<|plamo:bos|>", addSpecial: false, parseSpecial: true));
        Assert.DoesNotContain(1, tokenizer.Encode("<|plamo:bos|>", addSpecial: false, parseSpecial: false));
        Assert.Equal([First], tokenizer.Encode("\uFEFFa", addSpecial: false, parseSpecial: false));
    }

    [Fact]
    public void A_byte_without_a_token_is_reported()
    {
        var metadata = Metadata(["a"], [0]);
        metadata["tokenizer.ggml.tokens"] = GgufValue.From(metadata["tokenizer.ggml.tokens"].AsStrings().Select(t => t == "<0x41>" ? "A" : t).ToArray());
        Assert.Contains("no token <0x41>", Assert.Throws<ModelFileException>(() => Tokenizer.FromMetadata(metadata)).Message, StringComparison.Ordinal);
    }

    private static Tokenizer Make(string[] pieces, int[] scores) => Tokenizer.FromMetadata(Metadata(pieces, scores));

    private static GgufMetadata Metadata(string[] pieces, int[] scores)
    {
        string[] markers = ["<|plamo:unk|>", "<|plamo:bos|>", "<|plamo:eos|>", "<|plamo:pad|>"];
        var bytes = Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>");
        int[] types = [2, 3, 3, 3, .. Enumerable.Repeat(6, 256), .. pieces.Select(_ => 1)];
        return new GgufMetadata("plamo.gguf")
        {
            ["tokenizer.ggml.model"] = GgufValue.From("plamo2"),
            ["tokenizer.ggml.tokens"] = GgufValue.From([.. markers, .. bytes, .. pieces]),
            ["tokenizer.ggml.token_type"] = GgufValue.From(types),
            ["tokenizer.ggml.scores"] = GgufValue.From([.. new float[First], .. scores.Select(s => (float)s)]),
        };
    }

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => new[] { "a", "b", " ", "é", "中", "🦙" }[random.Next(6)]));

    /// <summary>All divisions, the one with longer first tokens before an equal one; a character of its own, as bytes, after all tokens.</summary>
    private static (long Cost, int[] Tokens) Best(string text, string[] pieces, int[] scores)
    {
        if (text.Length == 0) return (0, []);
        var rune = text.EnumerateRunes().First().ToString();
        var options = pieces.Select((piece, i) => (Piece: piece, Cost: -scores[i] * 10000L, Tokens: new[] { First + i }))
            .Where(o => text.StartsWith(o.Piece, StringComparison.Ordinal) && o.Cost < 20_000_000).OrderByDescending(o => o.Piece.Length)
            .Append((rune, 10_000_000, [.. Encoding.UTF8.GetBytes(rune).Select(b => 4 + b)]));
        (long Cost, int[] Tokens)? best = null;
        foreach (var (piece, cost, tokens) in options)
        {
            var rest = Best(text[piece.Length..], pieces, scores);
            if (best is null || cost + rest.Cost < best.Value.Cost) best = (cost + rest.Cost, [.. tokens, .. rest.Tokens]);
        }

        return best!.Value;
    }
}
