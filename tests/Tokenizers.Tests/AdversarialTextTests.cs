using System.IO.Compression;
using System.Text;
using ArchGen.Fixtures;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.HuggingFace;
using ArchGen.Tokenizers.HuggingFace.Patterns;

namespace ArchGen.Tokenizers.Tests;

/// <summary>Encoding takes work in proportion to the text, whatever the text is.</summary>
public class AdversarialTextTests
{
    private const int Length = 1 << 18;
    private const int Megabyte = 1 << 20;

    public static TheoryData<string> Texts => [.. Adversarial.Keys];

    private static Dictionary<string, string> Adversarial { get; } = new()
    {
        ["one letter"] = new('a', Megabyte),
        ["spaces"] = new(' ', Megabyte),
        ["line breaks"] = new('\n', Megabyte),
        ["spaces and a letter"] = new string(' ', Length) + "x",
        ["an emoji"] = Repeated("\U0001F600", Megabyte),
        ["emoji"] = Random(0x1F300, 0x1F640),
        ["ideographs"] = Random(0x4E00, 0x9FA5),
        ["letters"] = Random('a', 'z' + 1),
        ["digits"] = new('7', Length),
        ["marks"] = "e" + Repeated("\u0301\u0327"),
        ["words of a hundred letters"] = Repeated(new string('a', 100) + " "),
        ["punctuation"] = Repeated("!?"),
        ["markers"] = Repeated("<mask><|endoftext|>[MASK]</s>"),
    };

    /// <summary>Pairs that are looked at: each symbol at first, and two for each merge.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(26)]
    public void A_merger_looks_at_three_pairs_for_each_symbol(int letters)
    {
        Counter counter = new();
        SymbolMerger<CountingRule> merger = new(new(counter));
        var random = new Random(5);
        for (var i = 0; i < Megabyte; i++) merger.Add(i, 1, random.Next(letters));
        merger.Merge([]);
        Assert.InRange(counter.Pairs, Megabyte - 1, 3 * Megabyte);
        var (symbols, length) = (0, 0);
        for (var i = 0; i >= 0; i = merger.Symbols[i].Next) (symbols, length) = (symbols + 1, length + merger.Symbols[i].Length);
        Assert.Equal(Megabyte, length);
        Assert.True(symbols < Megabyte);
    }

    /// <summary>What is allocated is in proportion to the text, and so is what is done with it: nothing is copied for each character again.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    public void A_long_text_takes_little_more_than_its_parts(string kind)
    {
        var text = Adversarial[kind];
        foreach (var (name, tokenizer) in Tokenizers)
        {
            var quarter = text[..(text.Length / 4)];
            var (small, _) = Allocated(tokenizer, quarter);
            var (bytes, whole) = Allocated(tokenizer, text);
            Assert.True(bytes <= (6 * small) + Length, $"{name}: {bytes} bytes, and {small} for a quarter of the text");
            if (kind is not ("spaces" or "line breaks")) Assert.NotEmpty(whole);
        }
    }

    /// <summary>The published pattern of digit groups looks ahead over the whole number from each of its places.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData(" ", 1)]
    [InlineData("x", 0)]
    public void A_look_ahead_goes_over_a_number_once(string after, int groups)
    {
        List<(int Start, int End)> matches = [];
        new Pattern(@"\d{1,3}(?=(?:\d{3})*\b)", "test").FindAll(new string('7', Megabyte) + after, matches);
        Assert.Equal(groups == 0 ? 0 : (Megabyte + 2) / 3, matches.Count);
        Assert.All(matches.Skip(1), m => Assert.Equal(3, m.End - m.Start));
    }

    private static (long Bytes, int[] Tokens) Allocated(Tokenizer tokenizer, string text)
    {
        // The least of a few: pooled arrays are allocated once, and again after a collection has trimmed the pool.
        var (least, tokens) = (long.MaxValue, Array.Empty<int>());
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: true);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (least, tokens);
    }

    /// <summary>Where a text is cut so that its parts are encoded by themselves, nothing is merged that would not be.</summary>
    [Fact]
    public void Cuts_lose_no_merge()
    {
        var random = new Random(11);
        var llama = TokenizerFixture.Load("llama-spm");
        string[] pieces = ["\U0001F600", "Ж", "ab", "the", " the", "中文", "\u0301", "12", "\n", "한", "é", "  ", "xyz", "ing"];
        for (var i = 0; i < 200; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 300).Select(_ => pieces[random.Next(pieces.Length)])).Replace(" ", i % 2 == 0 ? "" : " ");
            Assert.Equal(Plain(llama, text), llama.Encode(text, addSpecial: false, parseSpecial: false));
        }
    }

    /// <summary>Merges one pair after the other, the best of all first: what encoding is by definition.</summary>
    private static IEnumerable<int> Plain(Tokenizer tokenizer, string text)
    {
        var vocabulary = tokenizer.Vocabulary;
        List<string> symbols = [.. ("\u2581" + text.Replace(' ', '\u2581')).EnumerateRunes().Select(rune => rune.ToString())];
        while (true)
        {
            var (best, score) = (-1, float.NegativeInfinity);
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (vocabulary.Find(symbols[i] + symbols[i + 1]) is { } id && vocabulary.Score(id) > score) (best, score) = (i, vocabulary.Score(id));
            }

            if (best < 0) break;
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }

        return symbols.SelectMany(symbol => vocabulary.Find(symbol) is { } id
            ? [id]
            : Encoding.UTF8.GetBytes(symbol).Select(b => vocabulary.Find($"<0x{b:X2}>")!.Value));
    }

    private static IReadOnlyList<(string Name, Tokenizer Tokenizer)> Tokenizers { get; } =
    [
        ("gpt-2", TokenizerFixture.Load("gpt-2")), ("llama-spm", TokenizerFixture.Load("llama-spm")), ("bert-bge", TokenizerFixture.Load("bert-bge")),
        .. new[] { "all-minilm-l6-v2", "roberta-base", "t5-small" }.Select(name => (name, Published(name))),
    ];

    private static Tokenizer Published(string name)
    {
        using TemporaryFolder folder = new();
        using (var source = new GZipStream(File.OpenRead(SharedFixtures.Local($"tokenizer-json/{name}/tokenizer.json.gz")), CompressionMode.Decompress))
        using (var target = File.Create(folder.File("tokenizer.json")))
        {
            source.CopyTo(target);
        }

        return HuggingFaceTokenizer.Open(folder.Path);
    }

    private static string Repeated(string part, int length = Length) => string.Concat(Enumerable.Repeat(part, length / part.Length));

    private static string Random(int first, int end)
    {
        var random = new Random(3);
        StringBuilder text = new(Length);
        while (text.Length < Length) text.Append(new Rune(random.Next(first, end)));
        return text.ToString();
    }

    private sealed class Counter
    {
        public long Pairs { get; set; }
    }

    /// <summary>Any two symbols of one number join to one of the next.</summary>
    private readonly struct CountingRule(Counter counter) : IMergeRule
    {
        public bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id)
        {
            counter.Pairs++;
            (rank, id) = (left.Id, left.Id + 1);
            return left.Id == right.Id;
        }
    }
}
