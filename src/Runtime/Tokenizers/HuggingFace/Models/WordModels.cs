namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>WordPiece: a word is cut from left to right into the longest tokens there are, or is unknown as a whole (Devlin et al. 2018).</summary>
internal sealed class WordPieceModel(JsonSection section) : TokenModel(section, ReadIds(section["vocab"]))
{
    private readonly string _unknown = section["unk_token"].TextOrNull() ?? "[UNK]";
    private readonly string _prefix = section["continuing_subword_prefix"].TextOrNull() ?? "##";
    private readonly int _mostCharacters = section["max_input_chars_per_word"].IsMissing ? 100 : section["max_input_chars_per_word"].Number(10_000);

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var characters = 0;
        foreach (var unit in piece) characters += char.IsLowSurrogate(unit) ? 0 : 1;
        if (characters > _mostCharacters)
        {
            tokens.Add(UnknownId(_unknown));
            return;
        }

        var first = tokens.Count;
        var ids = Ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = new char[_prefix.Length + piece.Length];
        _prefix.CopyTo(buffer);
        for (var start = 0; start < piece.Length;)
        {
            var prefix = start == 0 ? 0 : _prefix.Length;
            var rest = buffer[(_prefix.Length - prefix)..];
            piece[start..].CopyTo(rest[prefix..]);
            var length = piece.Length - start;
            int id;
            while (!ids.TryGetValue(rest[..(prefix + length)], out id))
            {
                length -= length >= 2 && char.IsLowSurrogate(piece[start + length - 1]) ? 2 : 1;
                if (length > 0) continue;
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
