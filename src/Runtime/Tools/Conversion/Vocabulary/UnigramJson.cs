using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>Unigram that is published as tokenizer.json only, <c>tokenizer.ggml.model</c> "t5".</summary>
internal static class UnigramJson
{
    public static TokenList Tokens(TokenizerFolder folder, int? vocabSize)
    {
        var model = folder.Tokenizer["model"];
        var unknown = model["unk_id"].IntegerIfAny;
        var added = AddedToken.All(folder);
        var count = model["vocab"].Count;
        TokenList tokens = new(vocabSize ?? Math.Max(count, added.Count == 0 ? 0 : 1L + added.Keys.Max()), folder.Path, paddingScore: -10000);
        var id = 0;
        foreach (var pair in model["vocab"].Items)
        {
            if (pair.Count != 2) throw pair.Fault("[text, score]");
            var text = pair.Items.First().Text;
            var special = added.TryGetValue(id, out var token);
            var type = id == unknown ? TokenType.Unknown
                : special ? (token.IsControl ? TokenType.Control : TokenType.UserDefined)
                : ByteTokens.Parse(text) is not null && model["byte_fallback"].IsTrue ? TokenType.Byte : TokenType.Normal;
            // The SentencePiece file that llama.cpp's converter reads has no sentinels; the converter pads their ids.
            if (!(special && text.StartsWith("<extra_id_", StringComparison.Ordinal))) tokens.Set(id, text, (float)pair.Items.Last().Number, type);
            id++;
        }

        foreach (var token in added.Values.Where(token => token.Id >= count))
        {
            tokens.Set(token.Id, token.Text, 0, token.IsControl ? TokenType.Control : TokenType.UserDefined);
        }

        return tokens;
    }

    /// <summary>Writes the treatment of white space and the character map of SentencePiece's normalizer.</summary>
    public static void WriteNormalizer(TokenizerFolder folder, GgufMetadata metadata)
    {
        metadata["tokenizer.ggml.remove_extra_whitespaces"] = GgufValue.From(true);
        var normalizer = folder.Tokenizer["normalizer"];
        foreach (var step in normalizer["normalizers"].IsList ? normalizer["normalizers"].Items : [normalizer])
        {
            if (step["type"].TextOrNull != "Precompiled" || step["precompiled_charsmap"] is not { IsText: true } map) continue;
            try
            {
                metadata["tokenizer.ggml.precompiled_charsmap"] = GgufValue.From(Convert.FromBase64String(map.Text));
            }
            catch (FormatException)
            {
                throw map.Fault("bytes in base64");
            }
        }
    }
}
