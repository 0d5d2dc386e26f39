using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>A SentencePiece model: pieces with scores, chosen by merging (<c>llama</c>) or by probability (<c>t5</c>).</summary>
internal static class SentencePieceVocabulary
{
    private const float AddedScore = -1000;

    public static int Add(TokenizerFolder files, string path, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var model = SentencePieceModel.Read(path);
        var tokens = new TokenList();
        for (var id = 0; id < model.Pieces.Count; id++) tokens.Set(id, model.Pieces[id].Text, model.Pieces[id].Type, model.Pieces[id].Score);
        if (IsFairseq(path)) tokens = Fairseq(model);
        if (files.Json("added_tokens.json") is { } added)
        {
            foreach (var token in added.EnumerateObject())
            {
                if (token.Value.TryGetInt32(out var id)) tokens.Set(id, token.Name, TokenType.UserDefined, AddedScore);
            }
        }

        if (!model.IsUnigram) AddDecoderTokens(files, tokens);
        tokens.Fill(options.VocabSize);
        add("model", GgufValue.From(model.IsUnigram ? "t5" : "llama"));
        // A folder with nothing but the model is Meta's own; its files say nothing of splitting.
        if (files.Config is not null || files.Tokenizer is not null || options.Pre is not null) add("pre", GgufValue.From(options.Pre ?? "default"));
        tokens.AddTo(add, withScores: true);
        if (model.IsUnigram)
        {
            add("add_space_prefix", GgufValue.From(model.AddsSpacePrefix));
            add("remove_extra_whitespaces", GgufValue.From(model.RemovesExtraSpaces));
            if (model.CharacterMap.Length > 0) add("precompiled_charsmap", GgufValue.From(model.CharacterMap));
        }
        else if (files.Config is { } config && config.TryGetProperty("add_prefix_space", out var prefix) && prefix.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            add("add_space_prefix", GgufValue.From(prefix.GetBoolean()));
        }
        else if (!model.AddsSpacePrefix)
        {
            add("add_space_prefix", GgufValue.From(false));
        }

        return tokens.Count;
    }

    private static bool IsFairseq(string path) => Path.GetFileName(path) == "sentencepiece.bpe.model";

    /// <summary>Fairseq's order, which XLM-RoBERTa has: its own four special tokens, then the pieces after SentencePiece's three.</summary>
    private static TokenList Fairseq(SentencePieceModel model)
    {
        var tokens = new TokenList();
        foreach (var (text, type) in new[] { ("<s>", TokenType.Control), ("<pad>", TokenType.Control), ("</s>", TokenType.Control), ("<unk>", TokenType.Unknown) }) tokens.Set(tokens.Count, text, type);
        foreach (var (text, score, type) in model.Pieces.Skip(3)) tokens.Set(tokens.Count, text, type, score);
        return tokens;
    }

    /// <summary>Tokens that tokenizer_config.json puts at ids, over the model's pieces or after them.</summary>
    private static void AddDecoderTokens(TokenizerFolder files, TokenList tokens)
    {
        if (files.Config is not { } config || !config.TryGetProperty("added_tokens_decoder", out var list) || list.ValueKind != JsonValueKind.Object) return;
        foreach (var entry in list.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, out var id) || TokenizerFolder.Text(entry.Value, "content") is not { } text) throw files.Fault("tokenizer_config.json", $"the added token {entry.Name} has no id or no content");
            var isControl = (entry.Value.TryGetProperty("special", out var special) && special.ValueKind == JsonValueKind.True) || TokenList.LooksSpecial(text);
            // SentencePiece knows its own unknown token and bytes; the flag does not.
            tokens.Set(id, isControl ? text : text.Replace('▁', ' '), isControl ? TokenType.Control : TokenType.UserDefined, AddedScore);
        }
    }
}
