using ArchGen.Tokenizers.HuggingFace.Models;
using ArchGen.Tokenizers.PreTokenization;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>The sections of a tokenizer.json.</summary>
internal sealed record Parts(
    Func<string, string>? Normalizer,
    List<PreTokenizerStep> PreTokenizer,
    TokenModel Model,
    PostProcessors PostProcessor,
    Func<List<string>, List<string>>? Decoder,
    List<AddedToken> Added,
    List<string> Warnings)
{
    /// <summary>The text of every id; of one that no token has, a text that says so.</summary>
    public required string[] Texts { get; init; }

    /// <summary>Special tokens are control tokens, other added ones are user-defined, ids without a token are unused.</summary>
    public required TokenType[] Types { get; init; }

    public static Parts Read(JsonSection file)
    {
        var normalizer = Normalizers.Read(file["normalizer"]);
        var model = TokenModel.Read(file["model"]);
        List<string> warnings = [];
        var added = ReadAdded(file["added_tokens"], model, normalizer, warnings);
        var count = Math.Max(model.Count, added.Count == 0 ? 0 : added.Max(token => token.Id) + 1);
        count = Math.Max(count, model.Ids.Count == 0 ? 0 : model.Ids.Values.Max() + 1);
        if (count == 0) throw file["model"]["vocab"].Wrong("at least one token");
        var texts = new string[count];
        var types = new TokenType[count];
        foreach (var (text, id) in model.Ids) (texts[id], types[id]) = (text, TokenType.Normal);
        if (model is UnigramTokenModel unigram)
        {
            for (var id = 0; id < unigram.Texts.Count; id++) (texts[id], types[id]) = (unigram.Texts[id], TokenType.Normal);
        }

        foreach (var token in added) (texts[token.Id], types[token.Id]) = (token.Content, token.Special ? TokenType.Control : TokenType.UserDefined);
        for (var id = 0; id < count; id++)
        {
            if (types[id] == 0) (texts[id], types[id]) = ($"[PAD{id}]", TokenType.Unused);
        }

        var postProcessor = PostProcessors.Read(file["post_processor"]);
        foreach (var id in (int[])[.. postProcessor.Before, .. postProcessor.After])
        {
            if (id >= count) throw file["post_processor"].Wrong($"ids below {count}, the number of tokens; id {id} was found, which");
        }

        return new(normalizer, PreTokenizers.Read(file["pre_tokenizer"]), model, postProcessor, Decoders.Read(file["decoder"]), added, warnings)
        {
            Texts = texts,
            Types = types,
        };
    }

    /// <summary>Added tokens have the id that the model's vocabulary gives them, or the next free one, whatever the file says: so the reference does.</summary>
    private static List<AddedToken> ReadAdded(JsonSection section, TokenModel model, Func<string, string>? normalizer, List<string> warnings)
    {
        Dictionary<int, AddedToken> tokens = [];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        var next = model.Count;
        if (section.IsMissing) return [];
        foreach (var item in section.Items())
        {
            var content = item["content"].Text();
            if (content.Length == 0) continue;
            var normalized = item["normalized"].Flag(missing: true);
            var wanted = item["id"].Number(HuggingFaceTokenizer.MaxTokens);
            if (!ids.TryGetValue(content, out var id) && !model.Ids.TryGetValue(content, out id)) id = next++;
            if (id != wanted)
                warnings.Add($"{item.Place}: the token {Gguf.MessageText.Quote(content)} is said to have id {wanted}, but its place gives it {id}.");
            ids[content] = id;
            tokens[id] = new(id, content, item["single_word"].Flag(missing: false), item["lstrip"].Flag(missing: false), item["rstrip"].Flag(missing: false),
                normalized, item["special"].Flag(missing: false))
            {
                Matched = normalized && normalizer is not null ? normalizer(content) : content,
            };
        }

        return [.. tokens.Values];
    }
}
