using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers.Tests.HuggingFace;

public class BrokenTokenizerTests
{
    [Theory]
    [InlineData("not json", "is not JSON")]
    [InlineData("[]", "an object was expected")]
    [InlineData("""{"model":{"type":"BPE","vocab":[],"merges":[]}}""", "an object was expected")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":4000000000},"merges":[]}}""", "a whole number from 0 to")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "two tokens of the vocabulary")]
    [InlineData("""{"model":{"type":"Quantum","vocab":{"a":0}}}""", "the model \"Quantum\" is not known")]
    [InlineData("""{"normalizer":{"type":"Magic"},"model":{"type":"WordLevel","vocab":{"a":0}}}""", "the normalizer \"Magic\" is not known")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a)\\1"},"behavior":"Isolated"},"model":{"type":"WordLevel","vocab":{"a":0}}}""",
        "which is not supported")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":7,"vocab":[["a",0]]}}""", "a whole number from 0 to 0")]
    public void A_damaged_file_is_one_clear_error(string json, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("tokenizer.json"), json);
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => HuggingFaceTokenizer.Open(folder.File("tokenizer.json"))).Message);
    }

    [Fact]
    public void Rwkv_takes_the_longest_byte_string()
    {
        var tokenizer = Tokenizer.FromMetadata(new GgufMetadata("test.gguf")
        {
            ["tokenizer.ggml.model"] = GgufValue.From("rwkv"),
            ["tokenizer.ggml.tokens"] = GgufValue.From((string[])["<s>", "a", "ab", @"\xf0\x9f", @"\x98\x80", @"it\'s"]),
            ["tokenizer.ggml.token_type"] = GgufValue.From((int[])[3, 1, 1, 1, 1, 1]),
        });
        Assert.Equal([2, 1, 3, 4, 5], tokenizer.Encode("aba😀it's", addSpecial: false, parseSpecial: false));
        StreamingDecoder decoder = new(tokenizer, special: false);
        Assert.Equal("", decoder.Append(3));
        Assert.Equal("😀", decoder.Append(4));
    }

    [Fact]
    public void Unigram_takes_the_best_sum_of_scores()
    {
        var tokenizer = Tokenizer.FromMetadata(new GgufMetadata("test.gguf")
        {
            ["tokenizer.ggml.model"] = GgufValue.From("t5"),
            ["tokenizer.ggml.tokens"] = GgufValue.From((string[])["<pad>", "</s>", "<unk>", "▁", "a", "b", "▁ab", "▁a"]),
            ["tokenizer.ggml.scores"] = GgufValue.From((float[])[0, 0, 0, -2, -2, -2, -9, -3]),
            ["tokenizer.ggml.token_type"] = GgufValue.From((int[])[3, 3, 2, 1, 1, 1, 1, 1]),
            ["tokenizer.ggml.add_eos_token"] = GgufValue.From(true),
            ["tokenizer.ggml.remove_extra_whitespaces"] = GgufValue.From(true),
        });
        Assert.Equal([7, 5, 7, 2, 1], tokenizer.Encode(" ab  axy", addSpecial: true, parseSpecial: false));
        Assert.Equal("ab a", tokenizer.Decode([7, 5, 7], special: false));
    }
}
