using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>The <c>tokenizer.*</c> keys of a file, from the tokenizer files of a checkpoint folder.</summary>
public static class TokenizerMetadata
{
    /// <summary>Reads tokenizer.model, spiece.model, tokenizer.json, vocab.json with merges.txt, or vocab.txt, and what stands beside them.</summary>
    /// <exception cref="ArchGenException">There is none, or it is damaged or of a kind that files cannot state.</exception>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Read(string folder, TokenizerOptions options)
    {
        var keys = new List<KeyValuePair<string, GgufValue>>();
        var files = new TokenizerFolder(folder);
        var count = Vocabulary(files, options, Add);
        new SpecialTokens(files, count).AddTo(Add);
        ChatTemplates.Add(files, (key, value) => keys.Add(new("tokenizer." + key, value)));
        if (options.EmbedTokenizer && files.Find("tokenizer.json") is { } path) keys.Add(new("tokenizer.huggingface.json", GgufValue.From(File.ReadAllText(path))));
        return keys;

        void Add(string key, GgufValue value) => keys.Add(new("tokenizer.ggml." + key, value));
    }

    /// <summary>Adds model, tokens, types, scores or merges, and returns the number of tokens.</summary>
    private static int Vocabulary(TokenizerFolder files, TokenizerOptions options, Action<string, GgufValue> add)
    {
        if (files.Find("tokenizer.model", "spiece.model", "sentencepiece.bpe.model") is { } sentencePiece) return SentencePieceVocabulary.Add(files, sentencePiece, options, add);
        if (files.Tokenizer is { } tokenizer) return FromTokenizerJson(files, tokenizer, options, add);
        if (files.Find("vocab.json") is not null && files.Find("merges.txt") is not null) return BytePairVocabulary.AddFiles(files, options, add);
        if (files.Find("vocab.txt") is not null) return WordPieceVocabulary.AddFile(files, options, add);
        throw new ArchGenException($"{files.Folder}: there is no tokenizer, expected tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt. Download it.");
    }

    private static int FromTokenizerJson(TokenizerFolder files, JsonElement tokenizer, TokenizerOptions options, Action<string, GgufValue> add)
    {
        if (!tokenizer.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object) throw files.Fault("tokenizer.json", "it has no model");
        // Files of the first years name no type: they are BPE.
        var type = TokenizerFolder.Text(model, "type") ?? (model.TryGetProperty("merges", out _) ? "BPE" : "");
        switch (type)
        {
            case "BPE" when IsByteFallback(model): return MergedPieceVocabulary.Add(files, model, options, add);
            case "BPE": return BytePairVocabulary.Add(files, tokenizer, model, options, add);
            case "Unigram": return UnigramVocabulary.Add(files, tokenizer, model, options, add);
            case "WordPiece": return WordPieceVocabulary.Add(files, tokenizer, model, options, add);
            default: throw files.Fault("tokenizer.json", $"the model's type is '{type}', expected BPE, Unigram or WordPiece");
        }
    }

    private static bool IsByteFallback(JsonElement model) => model.TryGetProperty("byte_fallback", out var flag) && flag.ValueKind == JsonValueKind.True;
}
