namespace ArchGen.Tokenizers.HuggingFace.Models;

/// <summary>The section <c>model</c> of tokenizer.json: encodes a piece to tokens.</summary>
internal abstract class TokenModel
{
    protected TokenModel(JsonSection section, Dictionary<string, int> ids) => (Section, Ids) = (section, ids);

    /// <summary>The ids of the vocabulary.</summary>
    public Dictionary<string, int> Ids { get; }

    /// <summary>The number of tokens of the vocabulary, which is the first id of added tokens.</summary>
    public virtual int Count => Ids.Count;

    protected JsonSection Section { get; }

    public static TokenModel Read(JsonSection section) => KindOf(section) switch
    {
        "BPE" => new BytePairModel(section),
        "Unigram" => new UnigramTokenModel(section),
        "WordPiece" => new WordPieceModel(section),
        "WordLevel" => new WordLevelModel(section),
        _ => throw section.UnknownType("model", "BPE, Unigram, WordPiece and WordLevel"),
    };

    /// <summary>Appends the tokens of a piece.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, List<int> tokens);

    /// <summary>A model for one text: has the memory that is of use within a text only.</summary>
    public virtual TokenModel ForText() => this;

    /// <summary>Files from before models had a type are recognized by their members.</summary>
    private static string KindOf(JsonSection section)
    {
        if (!section["type"].IsMissing) return section.Type;
        if (!section["merges"].IsMissing) return "BPE";
        if (!section["max_input_chars_per_word"].IsMissing) return "WordPiece";
        return section["vocab"].Value.ValueKind == System.Text.Json.JsonValueKind.Array ? "Unigram" : "WordLevel";
    }

    protected static Dictionary<string, int> ReadIds(JsonSection vocabulary)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (var (text, id) in vocabulary.Members()) ids[text] = id.Number(HuggingFaceTokenizer.MaxTokens);
        return ids;
    }

    protected int UnknownId(string token) => Ids.TryGetValue(token, out var id) ? id : throw new RequestException(
        $"{Section.Place}: the text has something that no token stands for, and the unknown token {Gguf.MessageText.Quote(token)} is not in the vocabulary. "
        + "Repair unk_token, or leave it out of the text.");
}
