using System.Text;
using System.Text.Json;

namespace ArchGen.Tokenizers.HuggingFace.Models;

/// <summary>The Unigram model of tokenizer.json: a list of tokens with their scores.</summary>
internal sealed class UnigramTokenModel : TokenModel
{
    private readonly UnigramModel _model;

    public UnigramTokenModel(JsonSection section)
        : base(section, [])
    {
        SymbolTrie trie = new();
        List<double> scores = [];
        var smallest = double.PositiveInfinity;
        foreach (var item in section["vocab"].Items())
        {
            if (item.Value.ValueKind != JsonValueKind.Array || item.Value.GetArrayLength() != 2) throw item.Wrong("a token and its score");
            var text = new JsonSection(item.Value[0], item.Place).Text();
            Ids[text] = scores.Count;
            trie.Add<byte>(Encoding.UTF8.GetBytes(text), scores.Count);
            scores.Add(new JsonSection(item.Value[1], item.Place).Real());
            smallest = Math.Min(smallest, scores[^1]);
            Texts.Add(text);
        }

        int? unknown = section["unk_id"].IsMissing ? null : section["unk_id"].Number(scores.Count - 1);
        var bytes = section["byte_fallback"].Flag(missing: false)
            ? Enumerable.Range(0, 256).Select(value => Ids.GetValueOrDefault($"<0x{value:X2}>", -1)).ToArray()
            : null;
        _model = new(trie, [.. scores], smallest, unknown, bytes, section.Place);
    }

    public override int Count => Texts.Count;

    /// <summary>The tokens in the order of their ids; two may be written alike.</summary>
    public List<string> Texts { get; } = [];

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens) => _model.Encode(Encoding.UTF8.GetBytes(piece.ToString()), tokens);
}
