using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tokenizers.Tests;

public class ReferenceTokenTests
{
    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    [InlineData("bert-bge")]
    public void Tokens_and_text_are_those_of_the_reference(string name) =>
        Check(TokenizerFixture.Load(name), TokenizerFixture.References(name));

    [LargeFixtureTheory("tokenizers")]
    [InlineData("baichuan")]
    [InlineData("deepseek-coder")]
    [InlineData("deepseek-llm")]
    [InlineData("falcon")]
    [InlineData("gpt-neox")]
    [InlineData("mpt")]
    [InlineData("phi-3")]
    [InlineData("refact")]
    [InlineData("starcoder")]
    public void Tokens_and_text_are_those_of_the_reference_for_large_vocabularies(string name)
    {
        // gpt-neox stands for files that were written before pre-tokenizers had names.
        using var gguf = GgufFile.Open(SharedFixtures.FindLarge($"tokenizers/ggml-vocab-{name}.gguf")!);
        using var references = File.OpenRead(SharedFixtures.FindLarge($"tokenizers/{name}.dev.json")!);
        Check(Tokenizer.FromMetadata(gguf.Metadata), TokenizerFixture.References(references));
    }

    [Fact]
    public void Every_pre_tokenizer_gives_the_tokens_of_the_reference()
    {
        var metadata = TokenizerFixture.Metadata("gpt-2");
        using var document = JsonDocument.Parse(TokenizerFixture.Open("pre_dev.json"));
        var texts = document.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
        List<string> differences = [];
        var names = 0;
        foreach (var entry in document.RootElement.GetProperty("ids_plain_by_pre").EnumerateObject())
        {
            metadata["tokenizer.ggml.pre"] = GgufValue.From(entry.Name);
            var tokenizer = Tokenizer.FromMetadata(metadata);
            foreach (var (text, expected) in texts.Zip(entry.Value.EnumerateArray().Select(TokenizerFixture.Ids)))
            {
                Compare(differences, $"{entry.Name}", text, expected, tokenizer.Encode(text, addSpecial: false, parseSpecial: false));
            }

            names++;
        }

        Assert.Equal(86, names);
        Assert.Empty(differences);
    }

    private static void Check(Tokenizer tokenizer, IEnumerable<ReferenceText> references)
    {
        List<string> differences = [];
        var count = 0;
        foreach (var reference in references)
        {
            var text = reference.Text;
            Compare(differences, "with special tokens", text, reference.WithSpecial, tokenizer.Encode(text, addSpecial: true, parseSpecial: true));
            Compare(differences, "plain", text, reference.Plain, tokenizer.Encode(text, addSpecial: false, parseSpecial: false));
            Compare(differences, "parsed", text, reference.Parsed, tokenizer.Encode(text, addSpecial: false, parseSpecial: true));
            var decoded = tokenizer.Decode(reference.Plain, special: true);
            if (decoded != reference.Decoded) differences.Add($"decoded: {Show(text)}: expected {Show(reference.Decoded)}, found {Show(decoded)}");
            count++;
        }

        Assert.True(count > 100, $"only {count} texts were read");
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {count} texts:\n{string.Join('\n', differences.Take(20))}");
    }

    private static void Compare(List<string> differences, string what, string text, int[] expected, int[] actual)
    {
        if (!expected.AsSpan().SequenceEqual(actual))
        {
            differences.Add($"{what}: {Show(text)}: expected {string.Join(' ', expected)}, found {string.Join(' ', actual)}");
        }
    }

    private static string Show(string text) => JsonSerializer.Serialize(text);
}
