using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers.Tests.HuggingFace;

/// <summary>Published tokenizers against ids, texts and steps of Hugging Face's tokenizers.</summary>
public class PublishedTokenizerTests
{
    [Theory]
    [InlineData("all-minilm-l6-v2")]
    [InlineData("t5-small")]
    [InlineData("roberta-base")]
    public void Ids_and_texts_are_those_of_the_reference(string name) => Check(SharedFixtures.Local($"tokenizer-json/{name}"), "tokenizer.json");

    [LargeFixtureTheory("tokenizer-json")]
    [InlineData("deepseek-v3")]
    [InlineData("falcon-7b")]
    [InlineData("gemma-2")]
    [InlineData("llama-3.1")]
    [InlineData("mistral-7b-v0.3")]
    [InlineData("modernbert-base")]
    public void Ids_and_texts_are_those_of_the_reference_for_large_vocabularies(string name) =>
        Check(SharedFixtures.FindLarge($"tokenizer-json/{name}")!, "tokenizer.json");

    [LargeFixtureFact("tokenizer-json/rwkv")]
    public void Rwkv_from_its_vocabulary_file() => Check(SharedFixtures.FindLarge("tokenizer-json/rwkv")!, "rwkv_vocab_v20230424.txt");

    [Theory]
    [InlineData("roberta-base")]
    [InlineData("t5-small")]
    public void The_bytes_of_tokens_are_those_of_the_text(string name) => CheckBytes(SharedFixtures.Local($"tokenizer-json/{name}"), name);

    [LargeFixtureTheory("tokenizer-json")]
    [InlineData("deepseek-v3")]
    [InlineData("gemma-2")]
    [InlineData("llama-3.1")]
    [InlineData("mistral-7b-v0.3")]
    public void The_bytes_of_tokens_are_those_of_the_text_for_large_vocabularies(string name) =>
        CheckBytes(SharedFixtures.FindLarge($"tokenizer-json/{name}")!, name);

    [Fact]
    public void A_tokenizer_inside_gguf_is_taken()
    {
        GgufMetadata metadata = new("test.gguf")
        {
            ["tokenizer.ggml.model"] = GgufValue.From("gpt2"),
            ["tokenizer.ggml.eos_token_id"] = GgufValue.From(102u),
            [HuggingFaceTokenizer.MetadataKey] =
                GgufValue.From(Encoding.UTF8.GetString(Unpack(SharedFixtures.Local("tokenizer-json/all-minilm-l6-v2/tokenizer.json.gz")))),
        };
        var tokenizer = Tokenizer.FromMetadata(metadata);
        Assert.Equal([101, 7592, 102], tokenizer.Encode("Hello", addSpecial: true, parseSpecial: true));
        Assert.Equal(102, tokenizer.Vocabulary.Eos);
    }

    // Tokens that are parts of characters, too; what the vocabulary has no token for is not among the texts of t5.
    private static void CheckBytes(string source, string name)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("tokenizer.json"), Unpack(Path.Combine(source, "tokenizer.json.gz")));
        var tokenizer = HuggingFaceTokenizer.Open(folder.File("tokenizer.json"));
        var texts = name == "t5-small" ? new[] { "Hello, world", "a great deal of it" } : ["Hello, world", "größer 🙂 שלום", "\u4f60\u597d  x", "🎈🎈 \u0000"];
        foreach (var text in texts)
        {
            var tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
            byte[] bytes = [.. tokens.SelectMany(token => tokenizer.Piece(token, special: false).ToArray())];
            Assert.Equal(text, Encoding.UTF8.GetString(bytes).TrimStart(' '));
        }
    }

    private static void Check(string source, string fileName)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File(fileName), Unpack(Path.Combine(source, $"{fileName}.gz")));
        var tokenizer = CheckpointTokenizer.Open(Path.GetDirectoryName(folder.File(fileName))!);
        List<string> differences = [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "encode.json")));
        var isHuggingFace = tokenizer is HuggingFaceTokenizer;
        foreach (var row in document.RootElement.EnumerateArray())
        {
            var text = row.GetProperty("text").GetString()!;
            var (ids, plain) = (TokenizerFixture.Ids(row.GetProperty("ids")), TokenizerFixture.Ids(row.GetProperty("ids_plain")));
            Compare("ids", Show(ids), Show(tokenizer.Encode(text, addSpecial: true, parseSpecial: isHuggingFace)));
            Compare("ids_plain", Show(plain), Show(tokenizer.Encode(text, addSpecial: false, parseSpecial: isHuggingFace)));
            Compare("decoded", row.GetProperty("decoded").GetString()!, tokenizer.Decode(ids, special: true));
            Compare("decoded_plain", row.GetProperty("decoded_plain").GetString()!, tokenizer.Decode(plain, special: false));
            StreamingDecoder decoder = new(tokenizer, special: true);
            Compare("streamed", tokenizer.Decode(ids, special: true), string.Concat(ids.Select(decoder.Append)) + decoder.Flush());

            void Compare(string what, string expected, string found)
            {
                if (expected != found)
                {
                    differences.Add(
                        $"{what} of {JsonSerializer.Serialize(text)}: expected {JsonSerializer.Serialize(expected)}, found {JsonSerializer.Serialize(found)}");
                }
            }
        }

        if (File.Exists(Path.Combine(source, "steps.json"))) CheckSteps((HuggingFaceTokenizer)tokenizer, Path.Combine(source, "steps.json"), differences);
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(20))}");
    }

    private static void CheckSteps(HuggingFaceTokenizer tokenizer, string path, List<string> differences)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var row in document.RootElement.EnumerateArray())
        {
            var text = row.GetProperty("text").GetString()!;
            var normal = tokenizer.Normalize(text);
            if (normal != row.GetProperty("normalized").GetString())
            {
                differences.Add($"normalized {JsonSerializer.Serialize(text)}: found {JsonSerializer.Serialize(normal)}");
            }

            var pieces = JsonSerializer.Serialize(tokenizer.PreTokenize(normal, begins: true).Select(piece => piece.ToString()));
            var expected = JsonSerializer.Serialize(row.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()));
            if (pieces != expected) differences.Add($"pieces of {JsonSerializer.Serialize(text)}: expected {expected}, found {pieces}");
        }
    }

    private static byte[] Unpack(string path)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Show(int[] ids) => string.Join(' ', ids);
}
