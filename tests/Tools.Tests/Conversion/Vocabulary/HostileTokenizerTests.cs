using System.Text;
using ArchGen.Fixtures;
using ArchGen.Tools.Conversion.Vocabulary;

namespace ArchGen.Tools.Tests.Conversion.Vocabulary;

/// <summary>Files that are missing, damaged or made to harm: each gives one message that names the file.</summary>
public class HostileTokenizerTests
{
    private const string ByteLevel = "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false}";

    [Theory]
    [InlineData("tokenizer.json", "not JSON", "is not JSON")]
    [InlineData("tokenizer.json", "[1, 2]", "expected a JSON object")]
    [InlineData("tokenizer.json", "{}", "model.type is missing")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Other\"}}", "model.type is \"\"Other\"\"")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}," + ByteLevel + "}", "2000000001 tokens")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"b\"},\"merges\":[]}," + ByteLevel + "}", "expected a whole number")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1,\"b\":0},\"merges\":[]}," + ByteLevel + "}", "ids from 0")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}," + ByteLevel + "}", "expected \"a b\"")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"\\ud800\":0},\"merges\":[]}," + ByteLevel + "}", "half of a surrogate pair")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"vocab\":{\"a\":0},\"merges\":[\"ab\"]}}", "expected \"a b\"")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\"]]}}", "expected [text, score]")]
    [InlineData(
        "tokenizer.json",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]},\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"!\"}}",
        "base64")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":["
        + "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"odd\"},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false}]}}",
        "Split /odd/")]
    [InlineData("tokenizer.model", "not protobuf", "no SentencePiece model")]
    [InlineData("tokenizer.model", "", "has no pieces")]
    [InlineData("tokenizer.model", "\n\u007f", "no SentencePiece model")]
    [InlineData("tekken.json", "{\"config\":{\"default_vocab_size\":10,\"default_num_special_tokens\":11},\"vocab\":[]}", "at most the 10 tokens")]
    [InlineData("tekken.json", "{\"config\":{\"default_vocab_size\":10,\"default_num_special_tokens\":1},\"vocab\":[{\"token_bytes\":\"?\"}]}", "base64")]
    [InlineData("rwkv_vocab_v1.txt", "1 nothing 1\n", "Python literal")]
    [InlineData("rwkv_vocab_v1.txt", "1 'ab' 3\n", "expected 2 as the length")]
    [InlineData("rwkv_vocab_v1.txt", "x\n", "id, token and length")]
    [InlineData("tokenizer.jsonl", "[\"a\", 0.5, \"NORMAL\"]\n{}\n", "line 2 is")]
    [InlineData("tokenizer.jsonl", "[\"a\", 1e300]\n", "a token, its score and its type")]
    [InlineData("tokenizer.jsonl", "[\"\\ud800\", 1]\n", "line 1 is")]
    [InlineData("tokenizer.jsonl", "\n", "0 tokens")]
    public void A_damaged_file_is_named(string name, string content, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File(name), Encoding.UTF8.GetBytes(content));
        var error = Assert.Throws<ModelFileException>(() => TokenizerMetadata.Read(folder.Path, new TokenizerOptions()));
        Assert.StartsWith(folder.Path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_missing_tokenizer_and_a_missing_folder_are_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("there is no tokenizer", Assert.Throws<ModelFileException>(() => TokenizerMetadata.Read(folder.Path, new TokenizerOptions())).Message);
        var missing = folder.File("nowhere");
        Assert.Contains("no such folder", Assert.Throws<ModelFileException>(() => TokenizerMetadata.Read(missing, new TokenizerOptions())).Message);
    }

    [Fact]
    public void Every_cut_of_a_sentence_piece_file_is_an_error_or_a_shorter_vocabulary()
    {
        var whole = File.ReadAllBytes(Path.Combine(ConversionFolder.Local("llama-mha"), "tokenizer.model"));
        using TemporaryFolder folder = new();
        var refused = 0;
        for (var length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(folder.File("tokenizer.model"), whole[..length]);
            try
            {
                Assert.NotEmpty(TokenizerMetadata.Read(folder.Path, new TokenizerOptions()));
            }
            catch (ArchGenException)
            {
                refused++;
            }
        }

        Assert.True(refused > 20);
    }

    [Fact]
    public void The_given_name_goes_before_the_structure_and_a_preferred_one_needs_to_fit()
    {
        var folder = ConversionFolder.Local("starcoder2");
        string Pre(TokenizerOptions options) => TokenizerMetadata.Read(folder, options).ToDictionary()["tokenizer.ggml.pre"].AsString();
        Assert.Equal("viking", Pre(new TokenizerOptions { Pre = "viking" }));
        Assert.Equal("refact", Pre(new TokenizerOptions()));
        Assert.Equal("starcoder", Pre(new TokenizerOptions { PreHints = ["llama-bpe", "starcoder"] }));
    }

    [Fact]
    public void Templates_come_from_a_list_or_from_files()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n");
        File.WriteAllText(folder.File("tokenizer_config.json"),
            "{\"chat_template\":[{\"name\":\"default\",\"template\":\"D\"},{\"name\":\"tool use\",\"template\":\"T\"}],\"cls_token\":\"[CLS]\"}");
        var keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions()).ToDictionary();
        Assert.Equal(("D", "T"), (keys["tokenizer.chat_template"].AsString(), keys["tokenizer.chat_template.tool_use"].AsString()));
        Assert.Equal(["tool_use"], keys["tokenizer.chat_templates"].AsStrings());
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁a", "b"], keys["tokenizer.ggml.tokens"].AsStrings());
        Assert.Equal(2, keys["tokenizer.ggml.bos_token_id"].AsInt32());

        File.WriteAllText(folder.File("tokenizer_config.json"), "{}");
        File.WriteAllText(folder.File("chat_template.jinja"), "J");
        Directory.CreateDirectory(folder.File("additional_chat_templates"));
        File.WriteAllText(folder.File("additional_chat_templates/rag.jinja"), "R");
        keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions()).ToDictionary();
        Assert.Equal(("J", "R"), (keys["tokenizer.chat_template"].AsString(), keys["tokenizer.chat_template.rag"].AsString()));
    }

    [Fact]
    public void The_lines_of_a_plamo_vocabulary_are_its_tokens()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("tokenizer.jsonl"), """
            ["<|plamo:unk|>", 0.0, "UNKNOWN"]
            ["<|plamo:op|>", 0.0, "NORMAL"]
            ["<0x00>", 0.0, "BYTE", 1, 2]
            ["あ", -3.5, "NORMAL"]
            """);
        File.WriteAllText(folder.File("tokenizer_config.json"), """{"unk_token": "<|plamo:unk|>"}""");
        var keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions { VocabSize = 5 }).ToDictionary();
        Assert.Equal("plamo2", keys["tokenizer.ggml.model"].AsString());
        Assert.Equal(["<|plamo:unk|>", "<|plamo:op|>", "<0x00>", "あ", "[PAD4]"], keys["tokenizer.ggml.tokens"].AsStrings());
        Assert.Equal([0, 0, 0, -3.5f, -1000], keys["tokenizer.ggml.scores"].AsSingles());
        Assert.Equal([2, 3, 6, 1, 5], keys["tokenizer.ggml.token_type"].AsInt32s());
        Assert.Equal((1u, 0u), (keys["tokenizer.ggml.eot_token_id"].AsUInt32(), keys["tokenizer.ggml.unknown_token_id"].AsUInt32()));
    }

    [Fact]
    public void The_class_of_ChatGlm_adds_its_markers()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(ConversionFolder.Local("llama-mha"), "tokenizer.model"), folder.File("tokenizer.model"));
        File.WriteAllText(folder.File("tokenizer_config.json"),
            """{"tokenizer_class": "ChatGLMTokenizer", "added_tokens_decoder": {"321": {"content": "[other]", "special": true}}}""");
        var keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions { VocabSize = 331 }).ToDictionary();
        Assert.Equal(
            ["[MASK]", "[other]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>", "[PAD329]", "[PAD330]"],
            keys["tokenizer.ggml.tokens"].AsStrings()[320..]);
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 3, 3, 5, 5], keys["tokenizer.ggml.token_type"].AsInt32s()[320..]);
    }

    [Fact]
    public void Tekken_finds_its_merges_and_the_tokenizer_can_be_embedded()
    {
        using TemporaryFolder folder = new();
        string Token(string text) => $"{{\"token_bytes\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\"}}";
        File.WriteAllText(folder.File("tekken.json"), "{\"config\":{\"default_vocab_size\":10,\"default_num_special_tokens\":4},\"vocab\":["
            + string.Join(',', new[] { "a", "b", " ", "ab", " ab", "abab" }.Select(Token)) + "]}");
        var keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions()).ToDictionary();
        Assert.Equal(["<unk>", "<s>", "</s>", "[INST]", "a", "b", "Ġ", "ab", "Ġab", "abab"], keys["tokenizer.ggml.tokens"].AsStrings());
        Assert.Equal(["a b", "Ġ ab", "ab ab"], keys["tokenizer.ggml.merges"].AsStrings());
        Assert.Contains("no tokenizer.json to embed",
            Assert.Throws<RequestException>(() => TokenizerMetadata.Read(folder.Path, new TokenizerOptions { EmbedTokenizer = true })).Message);
        Assert.StartsWith("{", TokenizerMetadata.Read(ConversionFolder.Local("qwen2"), new TokenizerOptions { EmbedTokenizer = true })
            .ToDictionary()["tokenizer.huggingface.json"].AsString());
    }

    [Fact]
    public void Tiktoken_finds_its_merges_and_special_tokens()
    {
        using TemporaryFolder folder = new();
        string[] texts = ["a", "b", " ", "ab", " ab", "abab"];
        var lines = texts.Select((text, i) => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))} {i}").ToList();
        File.WriteAllLines(folder.File("qwen.tiktoken"), lines);
        var keys = TokenizerMetadata.Read(folder.Path, new TokenizerOptions { VocabSize = 220 }).ToDictionary();
        Assert.Equal(
            ["a", "b", "Ġ", "ab", "Ġab", "abab", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|extra_0|>"],
            keys["tokenizer.ggml.tokens"].AsStrings()[..10]);
        Assert.Equal("[PAD214]", keys["tokenizer.ggml.tokens"].AsStrings()[214]);
        Assert.Equal(["a b", "Ġ ab", "ab ab"], keys["tokenizer.ggml.merges"].AsStrings());
        Assert.Equal(("gpt2", "qwen2"), (keys["tokenizer.ggml.model"].AsString(), keys["tokenizer.ggml.pre"].AsString()));
        Assert.Equal(6, keys["tokenizer.ggml.eos_token_id"].AsInt32());
    }

    [Theory]
    [InlineData("YQ== 1")]
    [InlineData("YQ==")]
    [InlineData("? 0")]
    [InlineData(" 0")]
    public void A_line_of_tiktoken_that_is_no_token_is_an_error(string line)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("qwen.tiktoken"), line + "\n");
        var error = Assert.Throws<ModelFileException>(() => TokenizerMetadata.Read(folder.Path, new TokenizerOptions()));
        Assert.Contains($"line 1 is \"{line}\", expected 1 to 256 bytes in base64", error.Message, StringComparison.Ordinal);
    }
}
