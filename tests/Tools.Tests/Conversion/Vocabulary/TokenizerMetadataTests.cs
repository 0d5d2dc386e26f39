using ArchGen.Fixtures;

namespace ArchGen.Tools.Tests.Conversion.Vocabulary;

public class TokenizerMetadataTests
{
    /// <summary>Architectures outside the class list for which llama.cpp's converter has code of its own; each with what it does.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["bailingmoe"] = "told another name than its tokenizer.json's structure has",
        ["gemma4"] = "a kind of BPE of its own, as tokenizer.ggml.model",
        ["glm"] = "end of turn and of message by their texts",
        ["glm4moe"] = "end of turn and of message by their texts",
        ["glm4moe-lite"] = "end of turn and of message by their texts",
        ["hunyuan-dense"] = "end of sequence by a fixed id",
        ["nemotron"] = "padding and unknown by fixed ids",
        ["xverse"] = "SentencePiece without scores",
    };

    // The whole converter writes those of the others too: ConversionTests of the command.
    public static TheoryData<string> Folders => [.. ConversionFolder.Names().Where(name => !Elsewhere.ContainsKey(name))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_key_is_as_the_reference_converter_writes_it(string name)
    {
        var differences = ConversionFolder.Differences(ConversionFolder.Local(name));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [LargeFixtureFact("conversion")]
    public void So_it_is_in_the_folders_of_the_other_families()
    {
        List<string> differences = [];
        foreach (var folder in Directory.EnumerateDirectories(SharedFixtures.FindLarge("conversion")!))
        {
            var name = Path.GetFileName(folder);
            if (name.StartsWith("lora-", StringComparison.Ordinal) || Elsewhere.ContainsKey(name)) continue;
            differences.AddRange(ConversionFolder.Differences(folder).Select(difference => $"{name}: {difference}"));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
