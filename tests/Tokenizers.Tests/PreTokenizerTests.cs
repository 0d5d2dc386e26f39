using System.Text;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.PreTokenization;

namespace ArchGen.Tokenizers.Tests;

public class PreTokenizerTests
{
    [Theory]
    [InlineData("gpt-2", "I've  got 3 apples!", "I|'ve| | got| 3| apples|!")]
    [InlineData("llama-bpe", "I'VE 12345!\n\nGo", "I|'VE| |123|45|!\n\n|Go")]
    [InlineData("qwen2", "ab12", "ab|1|2")]
    [InlineData("gpt-4o", "HelloWorld's x", "Hello|World's| x")]
    [InlineData("tekken", "HelloWorld's x", "Hello|World|'s| x")]
    [InlineData("kimi-k2", "a中文b", "a|中文|b")]
    [InlineData("superbpe", "1234567 12", "1|234|567| |12")]
    [InlineData("afmoe", "x1234567", "x|1|234|567")]
    [InlineData("deepseek-llm", "hi  ", "hi|  ")]
    [InlineData("bloom", "Hi there, you", "Hi| there|,| you")]
    [InlineData("exaone-moe", "one two  three", "one two| | three")]
    [InlineData("jais-2", "a       b", "a|    |  | b")]
    [InlineData("laguna", "a\n\n \nb", "a|\n\n| |\n|b")]
    [InlineData("gpt-2", "𝒜𝓁x 𠀀", "𝒜𝓁x| 𠀀")]
    [InlineData("gpt-2", "", "")]
    public void A_text_is_cut_as_the_family_does(string name, string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<string> words = [];
        var start = 0;
        foreach (var end in PreTokenizer.Find(name, "test").Split(bytes))
        {
            words.Add(Encoding.UTF8.GetString(bytes.AsSpan(start..end)));
            start = end;
        }

        Assert.Equal(expected, string.Join('|', words));
    }

    [Fact]
    public void No_name_stands_twice_and_all_cut_any_text_without_loss()
    {
        Random random = new(11);
        var names = PreTokenizerTable.All.SelectMany(preTokenizer => preTokenizer.Names).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        var text = new byte[2000];
        for (var i = 0; i < text.Length; i++) text[i] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"  \n\r\t'sS19aZ~.-"[random.Next(15)];
        foreach (var preTokenizer in PreTokenizerTable.All)
        {
            var ends = preTokenizer.Split(text);
            Assert.Equal(ends.Order().Distinct(), ends);
            Assert.Equal(text.Length, ends[^1]);
        }
    }

    [Fact]
    public void An_unknown_name_is_an_error_with_the_nearest_names()
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        metadata["tokenizer.ggml.pre"] = GgufValue.From("qwen3");
        var error = Assert.Throws<ModelFileException>(() => Tokenizer.FromMetadata(metadata));
        Assert.Contains("\"qwen3\"", error.Message);
        Assert.Contains("\"qwen2\", \"qwen35\"", error.Message);
    }

    [Fact]
    public void A_missing_name_is_the_default_with_a_warning()
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        Assert.Empty(Tokenizer.FromMetadata(metadata).Warnings);
        metadata.Remove("tokenizer.ggml.pre");
        Assert.Contains("tokenizer.ggml.pre is missing", Assert.Single(Tokenizer.FromMetadata(metadata).Warnings));
    }

    [Theory]
    [InlineData("a|b+c", "abbcab", "a|bbc|a|b")]
    [InlineData("[a-c-[b]]+", "aabcc", "aa|b|cc")]
    [InlineData("[^ab]+", "abxya", "ab|xy|a")]
    [InlineData(@"\p{N}{2,3}", "1234567", "123|456|7")]
    [InlineData("a+(?!b)", "aaab", "aa|ab")]
    [InlineData("a*b$", "aabaab", "aab|aab")]
    [InlineData("x(?:ab|a)*+", "xaababx", "xaabab|x")]
    [InlineData(@"[中-文]+|\p{L}+", "ab中文cd", "ab中文cd")]
    [InlineData(@"[中-文]+", "ab中文cd", "ab|中文|cd")]
    [InlineData(@"[^中-文\s]+", "ab中文c\u3000d", "ab|中文|c|\u3000|d")]
    public void Patterns_match_as_regular_expressions_do(string pattern, string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        CodePoints codePoints = new(bytes);
        List<int> ends = [];
        new SplitPattern(pattern).Split(codePoints, [codePoints.Count], ends);
        var starts = ends.Prepend(0);
        var words = starts.Zip(ends, (start, end) => Encoding.UTF8.GetString(bytes.AsSpan(codePoints.Offset(start)..codePoints.Offset(end))));
        Assert.Equal(expected, string.Join('|', words));
    }

    [Theory]
    [InlineData("(a")]
    [InlineData("(?:a)*")] // must be possessive
    [InlineData("[a")]
    [InlineData(@"\p{Greek}")]
    [InlineData("a{x}")]
    [InlineData("a)")]
    public void A_pattern_beyond_the_notation_is_refused(string pattern) => Assert.Throws<FormatException>(() => new SplitPattern(pattern));

    /// <summary>The published patterns, read by the engine that reads tokenizer.json, against the reader's own of the same name.</summary>
    [Theory]
    [InlineData("gpt-4o", @"\p{N}{1,3}", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")]
    [InlineData("tekken", @"\p{N}", "")]
    public void Published_patterns_are_restored(string name, string numbers, string contraction)
    {
        const string upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
        var pattern = $@"[^\r\n\p{{L}}\p{{N}}]?{upper}*{lower}+{contraction}|[^\r\n\p{{L}}\p{{N}}]?{upper}+{lower}*{contraction}|{numbers}|"
            + @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        string[] pieces = ["École", "ÀÉ", "straße", "Жук", "ЖУК", "中文", "ǅ", "e\u0301", "\u0301",
            "'s", "'RE", "123", "4567", " ", "  ", "\n", "/", "!", "aB", "ʰ", "x"];
        var random = new Random(7);
        var isRewritten = false;
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 12).Select(_ => pieces[random.Next(pieces.Length)]));
            var expected = Cut(text, pattern);
            Assert.Equal(string.Join('|', expected), string.Join('|', Words(name, text, asPublished: true)));
            isRewritten |= string.Join('|', expected) != string.Join('|', Words(name, text, asPublished: false));
        }

        Assert.True(isRewritten, "the pattern of GGUF's engines cuts all of these alike");
    }

    /// <summary>Isolated matches, and what lies between them.</summary>
    private static IEnumerable<string> Cut(string text, string pattern)
    {
        List<(int Start, int End)> matches = [];
        new ArchGen.Tokenizers.HuggingFace.Patterns.Pattern(pattern, "test").FindAll(text, matches);
        var done = 0;
        foreach (var (start, end) in matches.Append((text.Length, text.Length)))
        {
            if (done < start) yield return text[done..start];
            if (start < end) yield return text[start..end];
            done = end;
        }
    }

    private static IEnumerable<string> Words(string name, string text, bool asPublished)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var start = 0;
        foreach (var end in PreTokenizer.Find(name, "test").Split(bytes, asPublished))
        {
            yield return Encoding.UTF8.GetString(bytes.AsSpan(start..end));
            start = end;
        }
    }

    [Fact]
    public void Texts_are_composed_where_the_name_says_so()
    {
        const string composed = "\u00e9", decomposed = "e\u0301";
        var metadata = TokenizerFixture.Metadata("gpt-2");
        int[] Encode(string text) => Tokenizer.FromMetadata(metadata).Encode(text, addSpecial: false, parseSpecial: false);

        // GPT-2's own vocabulary has GPT-2's tokenizer, whatever the name.
        metadata["tokenizer.ggml.pre"] = GgufValue.From("qwen2");
        Assert.NotEqual(Encode(composed), Encode(decomposed));
        metadata["tokenizer.ggml.tokens"] = GgufValue.From(metadata.GetStrings("tokenizer.ggml.tokens").Append("<one more>").ToArray());
        metadata["tokenizer.ggml.token_type"] = GgufValue.From(metadata.GetInt32sOrNull("tokenizer.ggml.token_type")!.Append(1).ToArray());
        Assert.Equal(Encode(composed), Encode(decomposed));
        metadata["tokenizer.ggml.pre"] = GgufValue.From("llama-bpe");
        Assert.NotEqual(Encode(composed), Encode(decomposed));
    }
}
