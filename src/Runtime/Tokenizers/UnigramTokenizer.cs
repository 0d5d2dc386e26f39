using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// SentencePiece's Unigram model from GGUF: the precompiled character map is applied to the text, spaces are joined and escaped, and the tokens with the
/// best sum of scores are taken (Kudo 2018).
/// </summary>
internal sealed class UnigramTokenizer : GgufTokenizer
{
    private readonly UnigramModel _model;
    private readonly CharacterMap? _map;
    private readonly bool _joinsSpaces;
    private readonly bool _spaceFollows;

    public UnigramTokenizer(GgufMetadata metadata)
        : base(metadata,
            new Vocabulary(metadata, [(SpecialToken.Eos, 1), (SpecialToken.Unknown, 2)]),
            new TokenizerFlags(AddSpacePrefix: true).With(metadata))
    {
        if (metadata.TryGet("tokenizer.ggml.precompiled_charsmap", out var map))
        {
            _map = new(map.AsBytes(), metadata.Source);
        }

        _joinsSpaces = metadata.GetBoolOrNull("tokenizer.ggml.remove_extra_whitespaces") ?? false;
        _spaceFollows = metadata.GetBoolOrNull("tokenizer.ggml.treat_whitespace_as_suffix") ?? false;
        SymbolTrie trie = new();
        var scores = new double[Vocabulary.Count];
        var smallest = double.PositiveInfinity;
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            scores[id] = Vocabulary.Score(id);
            if (Vocabulary.Type(id) is not (TokenType.Normal or TokenType.UserDefined or TokenType.Byte)) continue;
            if (Vocabulary.Type(id) != TokenType.Byte) trie.Add<byte>(Encoding.UTF8.GetBytes(Vocabulary.Text(id)), id);
            smallest = Math.Min(smallest, scores[id]);
        }

        var bytes = ByteTokens.In(Vocabulary);
        _model = new(trie, scores, smallest, Vocabulary[SpecialToken.Unknown], Array.Exists(bytes, id => id >= 0) ? bytes : null, metadata.Source);
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        var normal = _map?.Normalize(text.ToString()) ?? text.ToString();
        if (_joinsSpaces) normal = string.Join(' ', normal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (normal.Length == 0) return;
        if (AddsSpacePrefix) normal = _spaceFollows ? normal + ' ' : normal.StartsWith(' ') ? normal : ' ' + normal;
        _model.Encode(Encoding.UTF8.GetBytes(normal.Replace(' ', SpaceEscape.Escaped)), tokens);
    }

    private protected override byte[] TextOf(string token) => SpaceEscape.Unescape(token);
}
