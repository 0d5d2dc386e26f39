using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tokenizers.Tests;

/// <summary>The tokenizers of whole models, on the prompts of their reference results.</summary>
public class PublishedModelTests
{
    [Fact]
    public void Stories_prompts_and_continuations()
    {
        using var gguf = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        var tokenizer = Tokenizer.FromMetadata(gguf.Metadata);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/stories260K.greedy.json")));
        foreach (var run in document.RootElement.EnumerateArray())
        {
            Assert.Equal(TokenizerFixture.Ids(run.GetProperty("prompt_ids")), tokenizer.Encode(run.GetProperty("prompt").GetString()!, true, true));
            StreamingDecoder decoder = new(tokenizer, special: false);
            var text = string.Concat(TokenizerFixture.Ids(run.GetProperty("greedy_ids")).Select(decoder.Append)) + decoder.Flush();
            Assert.Equal(run.GetProperty("greedy_text").GetString(), text);
        }
    }

    [LargeFixtureTheory("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
    [InlineData("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void SmolLM2_prompts(string path)
    {
        using var gguf = GgufFile.Open(SharedFixtures.FindLarge(path)!);
        var tokenizer = Tokenizer.FromMetadata(gguf.Metadata);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/smollm2.json")));
        foreach (var run in document.RootElement.GetProperty("greedy").EnumerateArray())
        {
            Assert.Equal(TokenizerFixture.Ids(run.GetProperty("ids")), tokenizer.Encode(run.GetProperty("prompt").GetString()!, true, true));
        }
    }

    [LargeFixtureTheory("models/all-MiniLM-L6-v2.q8_0.gguf")]
    [InlineData("models/all-MiniLM-L6-v2")]
    public void MiniLM_sentences(string path)
    {
        using var gguf = GgufFile.Open(SharedFixtures.FindLarge(path + ".q8_0.gguf")!);
        var tokenizer = Tokenizer.FromMetadata(gguf.Metadata);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.FindLarge(path + ".json")!));
        var sentences = document.RootElement.GetProperty("sentences").EnumerateArray();
        foreach (var (sentence, ids) in sentences.Zip(document.RootElement.GetProperty("ids").EnumerateArray()))
        {
            Assert.Equal(TokenizerFixture.Ids(ids), tokenizer.Encode(sentence.GetString()!, true, true));
        }
    }
}
