namespace ArchGen.Tokenizers.HuggingFace.Models;

/// <summary>WordPiece: a word is split from left to right into the longest tokens of the vocabulary, or is unknown as a whole (Devlin et al. 2018).</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly string _unknown;
    private readonly int _maxCharacters;
    private readonly SymbolTrie _trie = new();
    private readonly int _continued = SymbolTrie.Root; // the node after the mark of tokens that continue a word

    public WordPieceModel(JsonSection section)
        : base(section, ReadIds(section["vocab"]))
    {
        _unknown = section["unk_token"].TextOrNull() ?? "[UNK]";
        _maxCharacters = section["max_input_chars_per_word"].IsMissing ? 100 : section["max_input_chars_per_word"].Number(10_000);
        foreach (var (text, id) in Ids) _trie.Add<char>(text, id);
        foreach (var c in section["continuing_subword_prefix"].TextOrNull() ?? "##") _continued = _continued < 0 ? -1 : _trie.Step(_continued, c);
    }

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var characters = 0;
        foreach (var unit in piece) characters += char.IsLowSurrogate(unit) ? 0 : 1;
        if (characters > _maxCharacters)
        {
            tokens.Add(UnknownId(_unknown));
            return;
        }

        var first = tokens.Count;
        for (var start = 0; start < piece.Length;)
        {
            var id = _trie.Longest(piece[start..], out var length, start == 0 ? SymbolTrie.Root : _continued);
            if (id < 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                tokens.Add(UnknownId(_unknown));
                return;
            }

            tokens.Add(id);
            start += length;
        }
    }
}

/// <summary>WordLevel: a piece is a token, or unknown.</summary>
internal sealed class WordLevelModel(JsonSection section) : TokenModel(section, ReadIds(section["vocab"]))
{
    private readonly string _unknown = section["unk_token"].TextOrNull() ?? "<unk>";

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens) =>
        tokens.Add(Ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var id) ? id : UnknownId(_unknown));
}
