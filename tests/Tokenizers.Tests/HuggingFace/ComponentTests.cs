using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers.Tests.HuggingFace;

/// <summary>Each component by itself against results of Hugging Face's tokenizers.</summary>
public class ComponentTests
{
    [Theory]
    [InlineData("normalizers", 17)]
    [InlineData("pre_tokenizers", 39)]
    [InlineData("patterns", 17)]
    [InlineData("decoders", 10)]
    public void Every_row_is_that_of_the_reference(string kind, int rows)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("tokenizer-json/components.json")));
        var all = document.RootElement.GetProperty(kind);
        Assert.Equal(rows, all.GetArrayLength());
        List<string> differences = [];
        foreach (var row in all.EnumerateArray())
        {
            var run = Runner(kind, new(row.GetProperty("config"), "components.json"));
            foreach (var result in row.GetProperty("results").EnumerateArray())
            {
                var (expected, found) = (Show(result[1]), run(result[0]));
                if (expected != found)
                {
                    differences.Add($"{row.GetProperty("config").GetRawText()}: {result[0].GetRawText()}: expected {expected}, found {found}");
                }
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(20))}");
    }

    private static Func<JsonElement, string> Runner(string kind, JsonSection section)
    {
        switch (kind)
        {
            case "normalizers":
                var normalizer = Normalizers.Read(section)!;
                return input => JsonSerializer.Serialize(normalizer(input.GetString()!));
            case "decoders":
                var decoder = Decoders.Read(section)!;
                return input => JsonSerializer.Serialize(string.Concat(decoder([.. input.EnumerateArray().Select(token => token.GetString()!)])));
            default:
                var steps = PreTokenizers.Read(section);
                return input => JsonSerializer.Serialize(
                    HuggingFaceTokenizer.PreTokenize(steps, input.GetString()!, begins: true).Select(piece => piece.ToString()).ToArray());
        }
    }

    private static string Show(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? JsonSerializer.Serialize(value.GetString())
        : JsonSerializer.Serialize(value.EnumerateArray().Select(item => item.GetString()).ToArray());
}
