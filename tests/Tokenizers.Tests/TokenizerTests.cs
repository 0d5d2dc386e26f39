using System.Text;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using CsCheck;

namespace ArchGen.Tokenizers.Tests;

public class TokenizerTests
{
    private static readonly Tokenizer Gpt2 = TokenizerFixture.Load("gpt-2");
    private static readonly Tokenizer Llama = TokenizerFixture.Load("llama-spm");
    private static readonly Tokenizer Bert = TokenizerFixture.Load("bert-bge");

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("deepseek-v3")]
    [InlineData("chameleon")]
    [InlineData("youtu")]
    [InlineData("superbpe")]
    public void Byte_level_tokens_give_back_every_text(string preTokenizer)
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        metadata["tokenizer.ggml.pre"] = GgufValue.From(preTokenizer);
        var tokenizer = Tokenizer.FromMetadata(metadata);
        AnyText.Whole.Sample(text =>
        {
            var bytes = tokenizer.Encode(text, addSpecial: false, parseSpecial: false).SelectMany(token => tokenizer.Piece(token, special: true).ToArray());
            Assert.Equal(text, Encoding.UTF8.GetString([.. bytes]));
        }, iter: 1000);
    }

    [Fact]
    public void Sentence_piece_tokens_give_back_every_text() => AnyText.Whole.Select(text => text.Replace('\u2581', '_')).Sample(
        text => Assert.Equal(text, Llama.Decode(Llama.Encode(text, addSpecial: false, parseSpecial: false), special: true)), iter: 2000);

    [Fact]
    public void No_text_is_too_strange()
    {
        foreach (var tokenizer in (Tokenizer[])[Gpt2, Llama, Bert])
        {
            AnyText.WithLoneSurrogates.Sample(text =>
            {
                var tokens = tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
                Assert.All(tokens, token => Assert.InRange(token, 0, tokenizer.Vocabulary.Count - 1));
                tokenizer.Decode(tokens, special: false);
            }, iter: 1000);
        }

        Assert.Equal(Gpt2.Encode("a\uFFFDb", false, false), Gpt2.Encode("a\uD800b", false, false));
    }

    /// <summary>Where nothing is tidied in the text as a whole, as it is of GPT-2 and BERT.</summary>
    [Fact]
    public void What_is_streamed_is_the_text() => AnyText.WithLoneSurrogates.Sample(text =>
    {
        var tokens = Llama.Encode(text, addSpecial: false, parseSpecial: true);
        StreamingDecoder decoder = new(Llama, special: false);
        var streamed = string.Concat(tokens.Select(decoder.Append)) + decoder.Flush();
        // The space that the vocabulary puts before a text is taken off the whole alone.
        Assert.Equal(Llama.Decode(tokens, special: false), streamed.StartsWith(' ') ? streamed[1..] : streamed);
    }, iter: 2000);

    [Fact]
    public async Task A_run_of_a_quarter_million_letters_ends()
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        List<Tokenizer> tokenizers = [Gpt2, Llama, Bert];
        foreach (var name in (string[])["llama-bpe", "deepseek-llm", "jais-2", "superbpe", "afmoe", "gpt-4o"])
        {
            metadata["tokenizer.ggml.pre"] = GgufValue.From(name);
            tokenizers.Add(Tokenizer.FromMetadata(metadata));
        }

        // A step for each pair of letters would take hours. The limit is a guard against the hang, and no measure.
        var texts = ((string[])["a", " ", "\n", "1", "~", "'", "é", "中", "\u0301"]).Select(letter => string.Concat(Enumerable.Repeat(letter, 1 << 18)) + "1x");
        await Task.Run(() =>
        {
            foreach (var text in texts)
            {
                foreach (var tokenizer in tokenizers) Assert.NotEmpty(tokenizer.Encode(text, addSpecial: false, parseSpecial: true));
            }
        }).WaitAsync(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_streamed_character_is_shown_when_it_is_whole()
    {
        const string text = "naïve 🦙 中文 ÅÄÖ 👍🏽";
        foreach (var tokenizer in (Tokenizer[])[Gpt2, Llama])
        {
            StreamingDecoder decoder = new(tokenizer, special: false);
            StringBuilder shown = new();
            foreach (var token in tokenizer.Encode(text, addSpecial: true, parseSpecial: false))
            {
                var part = decoder.Append(token);
                Assert.DoesNotContain('\uFFFD', part);
                Assert.False(part.Length > 0 && char.IsHighSurrogate(part[^1]), "half a character");
                shown.Append(part);
            }

            Assert.Equal("", decoder.Flush());
            Assert.Equal(text, shown.ToString().TrimStart());
        }
    }

    [Fact]
    public void An_unfinished_character_ends_as_a_replacement()
    {
        StreamingDecoder decoder = new(Llama, special: false);
        Assert.Equal("", decoder.Append(Llama.Vocabulary.Find("<0xF0>")!.Value));
        Assert.Equal("", decoder.Append(Llama.Vocabulary.Find("<0x9F>")!.Value));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal(" a", decoder.Append(Llama.Vocabulary.Find("▁a")!.Value));
    }

    [Fact]
    public void Control_tokens_are_parsed_and_shown_on_request()
    {
        const string text = "a<|endoftext|>b";
        var end = Gpt2.Vocabulary.Eos!.Value;
        Assert.Contains(end, Gpt2.Encode(text, addSpecial: false, parseSpecial: true));
        Assert.DoesNotContain(end, Gpt2.Encode(text, addSpecial: false, parseSpecial: false));
        Assert.Equal("ab", Gpt2.Decode(Gpt2.Encode(text, addSpecial: false, parseSpecial: true), special: false));
        Assert.Equal(text, Gpt2.Decode(Gpt2.Encode(text, addSpecial: false, parseSpecial: true), special: true));
    }

    [Fact]
    public void The_file_decides_what_is_added()
    {
        Assert.Equal(Llama.Vocabulary.Bos, Llama.Encode("a", addSpecial: true, parseSpecial: false)[0]);
        var metadata = TokenizerFixture.Metadata("llama-spm");
        metadata["tokenizer.ggml.add_bos_token"] = GgufValue.From(false);
        metadata["tokenizer.ggml.add_eos_token"] = GgufValue.From(true);
        metadata["tokenizer.ggml.add_space_prefix"] = GgufValue.From(false);
        var tokenizer = Tokenizer.FromMetadata(metadata);
        Assert.Equal([tokenizer.Vocabulary.Find("a")!.Value, tokenizer.Vocabulary.Eos!.Value], tokenizer.Encode("a", addSpecial: true, parseSpecial: false));
    }

    [Fact]
    public void White_space_beside_a_stripping_token_is_swallowed()
    {
        var metadata = TinyMetadata("<mask>", "x");
        metadata["general.architecture"] = GgufValue.From("jina-bert-v3");
        var tokenizer = Tokenizer.FromMetadata(metadata);
        var (mask, x) = (tokenizer.Vocabulary.Find("<mask>")!.Value, tokenizer.Vocabulary.Find("x")!.Value);
        Assert.Equal([x, mask, x], tokenizer.Encode("x \n<mask>x", addSpecial: false, parseSpecial: true));

        metadata["general.architecture"] = GgufValue.From("phi3");
        metadata["general.name"] = GgufValue.From("Phi-3 mini");
        Assert.Equal([x, mask, x], Tokenizer.FromMetadata(metadata).Encode("x<mask> \tx", addSpecial: false, parseSpecial: true));
    }

    [Fact]
    public void Longer_special_tokens_go_first()
    {
        var tokenizer = Tokenizer.FromMetadata(TinyMetadata("<a><b>", "<b>", "<a>", "x"));
        int[] Ids(params string[] texts) => [.. texts.Select(text => tokenizer.Vocabulary.Find(text)!.Value)];
        Assert.Equal(Ids("<a><b>", "<b>", "<a>"), tokenizer.Encode("<a><b><b><a>", addSpecial: false, parseSpecial: true));
    }

    [Fact]
    public void Words_end_a_generation_by_key_or_by_text()
    {
        Assert.Equal([Llama.Vocabulary.Eos!.Value], Llama.Vocabulary.EndOfGeneration);
        var tokenizer = Tokenizer.FromMetadata(TinyMetadata("<|return|>", "<|call|>", "<|end|>", "</s>", "x"));
        var ending = tokenizer.Vocabulary.EndOfGeneration.Select(tokenizer.Vocabulary.Text).Order(StringComparer.Ordinal);
        Assert.Equal(["</s>", "<|call|>", "<|return|>"], ending.Where(text => text != "<eos>"));
        Assert.Equal(TokenType.UserDefined, tokenizer.Vocabulary.Type(tokenizer.Vocabulary.Find("<|end|>")!.Value));
    }

    [Theory]
    [InlineData("no_vocab", "has no vocabulary")]
    [InlineData("words", "tokenizer.ggml.model is \"words\"")]
    public void A_file_without_a_known_vocabulary_is_refused(string model, string message)
    {
        GgufMetadata metadata = new("m.gguf") { ["tokenizer.ggml.model"] = GgufValue.From(model) };
        var error = Assert.Throws<ModelFileException>(() => Tokenizer.FromMetadata(metadata));
        Assert.StartsWith("m.gguf: ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Contains("Give token ids", error.Message);
    }

    [Theory]
    [InlineData("tokenizer.ggml.scores")]
    [InlineData("tokenizer.ggml.token_type")]
    public void A_list_that_is_too_short_is_refused(string key)
    {
        var metadata = TokenizerFixture.Metadata("llama-spm");
        metadata[key] = key.EndsWith("scores", StringComparison.Ordinal) ? GgufValue.From(new float[3]) : GgufValue.From(new int[3]);
        Assert.Contains($"{key} has 3 elements for 32000 tokens", Assert.Throws<ModelFileException>(() => Tokenizer.FromMetadata(metadata)).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50257)]
    public void An_id_beyond_the_vocabulary_is_named(int id)
    {
        Assert.Contains($"token id {id} ", Assert.Throws<RequestException>(() => Gpt2.Decode([id], special: true)).Message);
        Assert.Contains($"token id {id} ", Assert.Throws<RequestException>(() => new StreamingDecoder(Gpt2, special: true).Append(id)).Message);
    }

    [Fact]
    public void A_merge_of_one_symbol_is_refused()
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        metadata["tokenizer.ggml.merges"] = GgufValue.From(["a b", "ab"]);
        Assert.Contains("merge 1 of tokenizer.ggml.merges is \"ab\"", Assert.Throws<ModelFileException>(() => Tokenizer.FromMetadata(metadata)).Message);
    }

    [Fact]
    public void A_marker_that_the_vocabulary_lacks_is_an_error_only_when_it_is_needed()
    {
        var metadata = TinyMetadata("x");
        metadata["tokenizer.ggml.model"] = GgufValue.From("gpt2");
        metadata["tokenizer.ggml.pre"] = GgufValue.From("gpt-2");
        metadata["tokenizer.ggml.merges"] = GgufValue.From(Array.Empty<string>());
        metadata["tokenizer.ggml.add_bos_token"] = GgufValue.From(true);
        var tokenizer = Tokenizer.FromMetadata(metadata);
        Assert.Equal(tokenizer.Vocabulary.Find("x"), Assert.Single(tokenizer.Encode("x", addSpecial: false, parseSpecial: false)));
        var error = Assert.Throws<ModelFileException>(() => tokenizer.Encode("x", addSpecial: true, parseSpecial: false));
        Assert.Contains("tokenizer.ggml.bos_token_id", error.Message);
    }

    /// <summary>SentencePiece without a space prefix: three special tokens, then the given ones, control tokens but for the last.</summary>
    private static GgufMetadata TinyMetadata(params string[] tokens)
    {
        string[] all = ["<unk>", "<bos>", "<eos>", .. tokens];
        var types = all.Select(token => (int)TokenType.Control).ToArray();
        types[^1] = (int)TokenType.Normal;
        return new("tiny.gguf")
        {
            ["tokenizer.ggml.model"] = GgufValue.From("llama"),
            ["tokenizer.ggml.tokens"] = GgufValue.From(all),
            ["tokenizer.ggml.token_type"] = GgufValue.From(types),
            ["tokenizer.ggml.add_space_prefix"] = GgufValue.From(false),
        };
    }
}
