using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The vocabulary of a SentencePiece file (tokenizer.model, spiece.model, sentencepiece.bpe.model).</summary>
internal static class SentencePieceVocabulary
{
    /// <summary>The score of tokens that were added to the vocabulary, so low that no merge makes them.</summary>
    private const float AddedScore = -1000;

    private const float PaddingScore = -10000;

    // The tokens that ChatGLM's tokenizer class adds after those of its file (chatglm2-6b, chatglm3-6b: tokenization_chatglm.py).
    private static readonly string[] OfChatGlm =
        ["[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"];

    /// <summary>Pieces made by merges: SentencePiece BPE, <c>tokenizer.ggml.model</c> "llama".</summary>
    public static TokenList Merged(SentencePieceModel model, string file, TokenizerFolder folder, int? vocabSize)
    {
        var tokens = Pieces(model, file, vocabSize ?? model.Pieces.Count);
        foreach (var token in AddedToken.OfList(folder).Select(token => (token, TokenType.UserDefined))
            .Concat(AddedToken.OfConfig(folder).Concat(AddedToken.OfTokenizer(folder))
                .Select(token => (token, token.IsControl ? TokenType.Control : TokenType.UserDefined))))
        {
            Add(tokens, token.token, token.Item2);
        }

        if (folder.TokenizerConfig["tokenizer_class"].TextOrNull != "ChatGLMTokenizer") return tokens;
        for (var i = 0; i < OfChatGlm.Length && model.Pieces.Count + i is var id && id < tokens.Count; i++)
        {
            if (!tokens.Has(id)) tokens.Set(id, OfChatGlm[i], AddedScore, TokenType.Control);
        }

        return tokens;
    }

    /// <summary>Pieces chosen by likelihood: Unigram, <c>tokenizer.ggml.model</c> "t5".</summary>
    public static TokenList Unigram(SentencePieceModel model, string file, TokenizerFolder folder, int? vocabSize)
    {
        var tokens = Pieces(model, file, vocabSize ?? model.Pieces.Count);
        foreach (var token in AddedToken.OfList(folder)) Add(tokens, token, TokenType.UserDefined);
        return tokens;
    }

    /// <summary>
    /// Unigram in the order of fairseq (XLM-R): begin, padding, end and unknown come first, in place of the file's three, and the last id is left for a mask.
    /// </summary>
    public static TokenList Fairseq(SentencePieceModel model, string file, int? vocabSize)
    {
        TokenList tokens = new(Math.Max(vocabSize ?? 0, model.Pieces.Count), file, PaddingScore);
        string[] first = ["<s>", "<pad>", "</s>", "<unk>"];
        for (var id = 0; id < first.Length && id < tokens.Count; id++) tokens.Set(id, first[id], 0, id == 3 ? TokenType.Unknown : TokenType.Control);
        for (var id = first.Length; id < tokens.Count; id++)
        {
            var piece = id - 1;
            if (piece < model.Pieces.Count) Set(tokens, id, model.Pieces[piece]);
            else tokens.Set(id, $"[PAD{piece}]", PaddingScore, TokenType.Unused); // counted as in the file
        }

        return tokens;
    }

    public static void WriteNormalizer(SentencePieceModel model, GgufMetadata metadata)
    {
        metadata["tokenizer.ggml.remove_extra_whitespaces"] = GgufValue.From(model.RemovesExtraWhiteSpace);
        if (model.CharacterMap.Length > 0) metadata["tokenizer.ggml.precompiled_charsmap"] = GgufValue.From(model.CharacterMap);
    }

    private static TokenList Pieces(SentencePieceModel model, string file, int count)
    {
        TokenList tokens = new(count, file, PaddingScore);
        for (var id = 0; id < model.Pieces.Count; id++) Set(tokens, id, model.Pieces[id]);
        return tokens;
    }

    // The file's user-defined pieces count as normal ones; the added tokens state more reliably which are markers.
    private static void Set(TokenList tokens, int id, SentencePiece piece) =>
        tokens.Set(id, piece.Text, piece.Score,
            piece.Type is TokenType.Unknown or TokenType.Control or TokenType.Unused or TokenType.Byte ? piece.Type : TokenType.Normal);

    // Added tokens are found in a text before its spaces are escaped.
    private static void Add(TokenList tokens, AddedToken token, TokenType type) =>
        tokens.Set(token.Id, type == TokenType.UserDefined ? SpaceEscape.Plain(token.Text) : token.Text, AddedScore, type);
}
