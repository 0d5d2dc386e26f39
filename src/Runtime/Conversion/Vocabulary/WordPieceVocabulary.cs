using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>WordPiece: whole words with a marker before them, and pieces that follow without one (<c>bert</c>).</summary>
internal static class WordPieceVocabulary
{
    // llama.cpp has several names for BERT's pre-tokenizer; they split alike.
    private const string DefaultPre = "jina-v2-en";
    private const string Continuation = "##", WordStart = "▁";

    public static int Add(TokenizerFolder files, JsonElement tokenizer, JsonElement model, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var lowercase = tokenizer.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind == JsonValueKind.Object
            && normalizer.TryGetProperty("lowercase", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : (bool?)null;
        return Add(files, BytePairVocabulary.Tokens(files, "tokenizer.json", model.TryGetProperty("vocab", out var vocab) ? vocab : default), lowercase, options, add);
    }

    /// <summary>The same from vocab.txt: one token a line.</summary>
    public static int AddFile(TokenizerFolder files, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var tokens = new TokenList();
        foreach (var line in File.ReadLines(files.Find("vocab.txt")!)) tokens.Set(tokens.Count, line, line.StartsWith('[') && line.EndsWith(']') && line.Length > 2 ? TokenType.Control : TokenType.Normal);
        var lowercase = files.Config is { } config && config.TryGetProperty("do_lower_case", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : (bool?)null;
        return Add(files, tokens, lowercase, options, add);
    }

    private static int Add(TokenizerFolder files, TokenList tokens, bool? lowercase, TokenizerOptions options, Action<string, GgufValue> add)
    {
        foreach (var (id, text, isSpecial) in files.AddedTokens())
        {
            var isControl = isSpecial || TokenList.LooksSpecial(text);
            tokens.Set(id, text, isControl ? TokenType.Control : TokenType.UserDefined);
        }

        tokens.Fill(options.VocabSize);
        for (var id = 0; id < tokens.Count; id++)
        {
            var (text, type, _) = tokens[id]!.Value;
            if (type == TokenType.Control) continue;
            tokens.Set(id, text.StartsWith(Continuation, StringComparison.Ordinal) ? text[Continuation.Length..] : WordStart + text, type);
        }

        add("model", GgufValue.From("bert"));
        add("pre", GgufValue.From(options.Pre ?? options.PreferredPre ?? DefaultPre));
        tokens.AddTo(add, withScores: false);
        if (lowercase is { } lower) add("normalizer.lowercase", GgufValue.From(lower));
        return tokens.Count;
    }
}
