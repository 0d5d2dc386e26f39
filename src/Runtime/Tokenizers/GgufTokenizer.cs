using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>A tokenizer made of the keys <c>tokenizer.ggml.*</c>: special tokens are found first, the text between them is encoded by its kind.</summary>
internal abstract class GgufTokenizer : Tokenizer
{
    private readonly SpecialTokenSplitter _splitter;
    private readonly Lazy<byte[]?[]> _pieces;

    private protected GgufTokenizer(GgufMetadata metadata, Vocabulary vocabulary, TokenizerFlags flags)
        : base(vocabulary)
    {
        AddsBos = flags.AddBos;
        AddsEos = flags.AddEos;
        AddsSpacePrefix = flags.AddSpacePrefix;
        CleansSpaces = flags.CleanSpaces;
        var (left, right) = StrippingTokens.Of(metadata, vocabulary);
        _splitter = new(vocabulary, left, right);
        _pieces = new(() => new byte[]?[vocabulary.Count]);
    }

    private protected bool AddsSpacePrefix { get; }

    private bool CleansSpaces { get; }

    private protected sealed override int[] Encode(string text, bool addSpecial, SpecialScope scope)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> tokens = new(text.Length / 4 + 4);
        if (addSpecial && AddsBos) tokens.Add(Required(SpecialToken.Bos));

        var afterSpecial = true;
        foreach (var fragment in _splitter.Split(text, HasMarkers ? scope : default))
        {
            if (fragment.Token >= 0) tokens.Add(fragment.Token);
            else EncodeText(text.AsSpan(fragment.Start, fragment.Length), afterSpecial, tokens);
            afterSpecial = fragment.Token >= 0;
        }

        if (addSpecial && AddsEos) tokens.Add(Required(EndMarker));
        return [.. tokens];
    }

    public sealed override string Decode(ReadOnlySpan<int> tokens, bool special)
    {
        List<byte> bytes = new(tokens.Length * 4);
        for (var i = 0; i < tokens.Length; i++)
        {
            var piece = Piece(tokens[i], special);
            if (i == 0 && AddsSpacePrefix && piece is [(byte)' ', ..]) piece = piece[1..];
            bytes.AddRange(piece);
        }

        if (CleansSpaces) TokenizationSpaces.CleanUp(bytes);
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    public sealed override ReadOnlySpan<byte> Piece(int token, bool special)
    {
        var type = Vocabulary.Type(token);
        if (!special && type is TokenType.Control or TokenType.Unknown) return [];
        return _pieces.Value[token] ??= type switch
        {
            TokenType.Control or TokenType.Unknown or TokenType.UserDefined => Encoding.UTF8.GetBytes(Vocabulary.Text(token)),
            TokenType.Normal => TextOf(Vocabulary.Text(token)),
            TokenType.Byte => ByteTokens.Parse(Vocabulary.Text(token)) is { } value ? [value] : TextOf(Vocabulary.Text(token)),
            _ => [],
        };
    }

    /// <summary>Whether special tokens can be written in a text.</summary>
    private protected virtual bool HasMarkers => true;

    private protected virtual SpecialToken EndMarker => SpecialToken.Eos;

    /// <summary>Appends the tokens of a text that holds no special token.</summary>
    /// <param name="afterSpecial">Whether the text begins the input or follows a special token.</param>
    private protected abstract void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens);

    /// <summary>The bytes of a normal token, given as in the file.</summary>
    private protected abstract byte[] TextOf(string token);

    private int Required(SpecialToken role) => Vocabulary[role] ?? throw new ModelFileException(
        $"{Vocabulary.Source}: the tokenizer adds {role} to a text, but the vocabulary names no such token ({SpecialTokenTexts.Keys(role)[0]}). "
        + "Add the key, or encode without special tokens.");
}
