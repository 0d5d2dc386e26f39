using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The vocabulary of PLaMo 2 and 3, tokenizer.jsonl: per line a list of a token, its score and its type, and further numbers.</summary>
internal static class PlamoVocabulary
{
    private const float PaddingScore = -1000;

    /// <summary>The token after which an answer ends.</summary>
    public const string EndOfTurn = "<|plamo:op|>";

    public static TokenList Tokens(string file, int? vocabSize)
    {
        var lines = TokenizerFolder.ReadLines(file).Where(line => line.Trim().Length > 0).ToArray();
        TokenList tokens = new(Math.Max(vocabSize ?? 0, lines.Length), file, PaddingScore);
        for (var id = 0; id < lines.Length; id++)
        {
            var (text, score, type) = Parse(lines[id]) ?? throw new ModelFileException(
                $"{file}: line {id + 1} is {MessageText.Quote(lines[id])}, expected a list of a token, its score and its type. Download the file again.");
            tokens.Set(id, text, score, TypeOf(text, type));
        }

        return tokens;
    }

    private static TokenType TypeOf(string text, string? type) => type switch
    {
        "UNKNOWN" => TokenType.Unknown,
        "CONTROL" => TokenType.Control,
        "BYTE" => TokenType.Byte,
        _ => text.StartsWith("<|plamo:", StringComparison.Ordinal) && text.EndsWith("|>", StringComparison.Ordinal) ? TokenType.Control : TokenType.Normal,
    };

    private static (string Text, float Score, string? Type)? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var list = document.RootElement;
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() < 2 || list[0].ValueKind != JsonValueKind.String
                || list[1].ValueKind != JsonValueKind.Number || !float.IsFinite((float)list[1].GetDouble()))
            {
                return null;
            }

            var type = list.GetArrayLength() > 2 && list[2].ValueKind == JsonValueKind.String ? list[2].GetString() : null;
            return (list[0].GetString()!, (float)list[1].GetDouble(), type);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
