using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>Byte-level BPE: tokens, merges and the name of the pre-tokenizer (<c>gpt2</c>).</summary>
internal static class BytePairVocabulary
{
    private const string DefaultPre = "gpt-2";

    public static int Add(TokenizerFolder files, JsonElement tokenizer, JsonElement model, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var pre = options.Pre ?? PreTokenizerNames.Find(tokenizer, options.PreferredPre, Path.Combine(files.Folder, "tokenizer.json"));
        return Add(files, Tokens(files, "tokenizer.json", model.TryGetProperty("vocab", out var vocab) ? vocab : default), Merges(files, model), pre, options, add);
    }

    /// <summary>The same from vocab.json and merges.txt.</summary>
    public static int AddFiles(TokenizerFolder files, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var merges = File.ReadLines(files.Find("merges.txt")!).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)).ToArray();
        return Add(files, Tokens(files, "vocab.json", files.Json("vocab.json")!.Value), merges, options.Pre ?? options.PreferredPre ?? DefaultPre, options, add);
    }

    private static int Add(TokenizerFolder files, TokenList tokens, string[] merges, string pre, TokenizerOptions options, Action<string, GgufValue> add)
    {
        foreach (var (id, text, isSpecial) in files.AddedTokens())
        {
            var isControl = isSpecial || TokenList.LooksSpecial(text);
            tokens.Set(id, isControl ? text : text.Replace('▁', ' '), isControl ? TokenType.Control : TokenType.UserDefined);
        }

        tokens.Fill(options.VocabSize);
        add("model", GgufValue.From("gpt2"));
        add("pre", GgufValue.From(pre));
        tokens.AddTo(add, withScores: false);
        add("merges", GgufValue.From(merges));
        return tokens.Count;
    }

    /// <summary>A map of texts to ids.</summary>
    internal static TokenList Tokens(TokenizerFolder files, string file, JsonElement vocabulary)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object) throw files.Fault(file, "it has no vocabulary");
        var tokens = new TokenList();
        foreach (var token in vocabulary.EnumerateObject())
            tokens.Set(token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out var id) ? id : throw files.Fault(file, $"the token '{token.Name}' has no id"), token.Name, TokenType.Normal);
        return tokens;
    }

    /// <summary>Merges as pairs or as texts; a space inside a piece is written as its byte's letter.</summary>
    internal static string[] Merges(TokenizerFolder files, JsonElement model)
    {
        if (!model.TryGetProperty("merges", out var merges) || merges.ValueKind != JsonValueKind.Array) throw files.Fault("tokenizer.json", "it has no merges");
        return [.. merges.EnumerateArray().Select(merge => merge.ValueKind switch
        {
            JsonValueKind.String => merge.GetString()!,
            JsonValueKind.Array when merge.GetArrayLength() == 2 && merge.EnumerateArray().All(p => p.ValueKind == JsonValueKind.String) =>
                string.Join(' ', merge.EnumerateArray().Select(p => p.GetString()!.Replace(' ', 'Ġ'))),
            _ => throw files.Fault("tokenizer.json", $"{merge} is no merge"),
        })];
    }
}
