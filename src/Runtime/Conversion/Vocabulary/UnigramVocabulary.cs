using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>A unigram model in tokenizer.json: pieces with their log probabilities (<c>t5</c>).</summary>
internal static class UnigramVocabulary
{
    public static int Add(TokenizerFolder files, JsonElement tokenizer, JsonElement model, TokenizerOptions options, Action<string, GgufValue> add)
    {
        if (!model.TryGetProperty("vocab", out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Array) throw files.Fault("tokenizer.json", "it has no vocabulary");
        var unknown = model.TryGetProperty("unk_id", out var id) && id.TryGetInt32(out var number) ? number : -1;
        var tokens = new TokenList();
        foreach (var piece in vocabulary.EnumerateArray())
        {
            if (piece.ValueKind != JsonValueKind.Array || piece.GetArrayLength() != 2 || piece[0].ValueKind != JsonValueKind.String || piece[1].ValueKind != JsonValueKind.Number)
                throw files.Fault("tokenizer.json", $"{piece} is no piece with a score");
            tokens.Set(tokens.Count, piece[0].GetString()!, tokens.Count == unknown ? TokenType.Unknown : TokenType.Normal, (float)piece[1].GetDouble());
        }

        foreach (var (added, text, isSpecial) in files.AddedTokens())
        {
            if (added != unknown) tokens.Set(added, text, isSpecial ? TokenType.Control : TokenType.UserDefined, tokens[added]?.Score ?? 0);
        }

        tokens.Fill(options.VocabSize);
        add("model", GgufValue.From("t5"));
        add("pre", GgufValue.From(options.Pre ?? "default"));
        tokens.AddTo(add, withScores: true);
        add("add_space_prefix", GgufValue.From(true));
        add("remove_extra_whitespaces", GgufValue.From(true));
        if (CharacterMap(files, tokenizer) is { } map) add("precompiled_charsmap", GgufValue.From(map));
        return tokens.Count;
    }

    private static byte[]? CharacterMap(TokenizerFolder files, JsonElement tokenizer)
    {
        if (!tokenizer.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind != JsonValueKind.Object) return null;
        IEnumerable<JsonElement> parts = normalizer.TryGetProperty("normalizers", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [normalizer];
        var text = parts.Where(p => TokenizerFolder.Text(p, "type") == "Precompiled").Select(p => TokenizerFolder.Text(p, "precompiled_charsmap")).FirstOrDefault();
        if (text is null) return null;
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException error)
        {
            throw new ArchGenException($"{Path.Combine(files.Folder, "tokenizer.json")}: precompiled_charsmap is not base64. Download the tokenizer again.", error);
        }
    }
}
