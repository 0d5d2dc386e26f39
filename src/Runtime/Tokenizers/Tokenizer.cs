using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// Turns text into the token ids of a model and back, as the model's GGUF file says. Safe to use from several threads.
/// </summary>
public abstract class Tokenizer
{
    private readonly SpecialTokenSplitter _splitter;
    private readonly Lazy<byte[]?[]> _pieces;

    private protected Tokenizer(GgufMetadata metadata, Vocabulary vocabulary, TokenizerFlags flags)
    {
        Vocabulary = vocabulary;
        AddsBos = flags.AddBos;
        AddsEos = flags.AddEos;
        AddsSpacePrefix = flags.AddSpacePrefix;
        CleansSpaces = flags.CleanSpaces;
        var (left, right) = StrippingTokens.Of(metadata, vocabulary);
        _splitter = new(vocabulary, left, right);
        _pieces = new(() => new byte[]?[vocabulary.Count]);
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>Whether BOS is put in front of a text when special tokens are added.</summary>
    public bool AddsBos { get; }

    /// <summary>Whether EOS (for an encoder: the separator) is put behind a text when special tokens are added.</summary>
    public bool AddsEos { get; }

    /// <summary>What the file leaves open, in sentences for its user; most files give none.</summary>
    public IReadOnlyList<string> Warnings { get; private protected init; } = [];

    private protected bool AddsSpacePrefix { get; }

    private bool CleansSpaces { get; }

    /// <summary>The tokenizer that a GGUF file describes.</summary>
    /// <exception cref="ArchGenException">The file has no vocabulary, or one of a kind that is not known.</exception>
    public static Tokenizer FromMetadata(GgufMetadata metadata)
    {
        const string key = "tokenizer.ggml.model";
        return metadata.GetString(key) switch
        {
            "llama" => new SentencePieceTokenizer(metadata),
            "gpt2" => new BytePairTokenizer(metadata, metadata.GetStringOrNull("tokenizer.ggml.pre")),
            "gemma4" => new BytePairTokenizer(metadata, "gemma4"),
            "bert" => new WordPieceTokenizer(metadata),
            "no_vocab" or "none" => throw new ArchGenException(
                $"{metadata.Source}: the file has no vocabulary ({key} is \"no_vocab\"), so text cannot be read or written. Give token ids instead of text."),
            var model => throw new ArchGenException(
                $"{metadata.Source}: {key} is \"{model}\"; known are \"llama\" (SentencePiece BPE), \"gpt2\" (byte-level BPE), \"gemma4\" and \"bert\" "
                + "(WordPiece). Give token ids instead of text."),
        };
    }

    /// <summary>The tokens of a text. Lone surrogates are read as U+FFFD.</summary>
    /// <param name="addSpecial">Put BOS, EOS or separator around the text, where the model wants them.</param>
    /// <param name="parseSpecial">Read control tokens that are written in the text; without it they are text like any other.</param>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        List<int> tokens = new(text.Length / 4 + 4);
        if (addSpecial && AddsBos) tokens.Add(Required(SpecialToken.Bos));

        var afterSpecial = true;
        foreach (var fragment in _splitter.Split(text, parseSpecial))
        {
            if (fragment.Token >= 0) tokens.Add(fragment.Token);
            else EncodeText(text.AsSpan(fragment.Start, fragment.Length), afterSpecial, tokens);
            afterSpecial = fragment.Token >= 0;
        }

        if (addSpecial && AddsEos) tokens.Add(Required(EndMarker));
        return [.. tokens];
    }

    /// <summary>The text of tokens. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="special">Write control and unknown tokens as they are named; without it they are left out.</param>
    public string Decode(ReadOnlySpan<int> tokens, bool special)
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

    /// <summary>The bytes of one token: not always whole characters. Empty for a control token, unless <paramref name="special"/> is set.</summary>
    public ReadOnlySpan<byte> Piece(int token, bool special)
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

    private protected virtual SpecialToken EndMarker => SpecialToken.Eos;

    /// <summary>Appends the tokens of a text that holds no special token.</summary>
    /// <param name="afterSpecial">Whether the text begins the input or follows a special token.</param>
    private protected abstract void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens);

    /// <summary>The bytes that a normal token, as the file writes it, stands for.</summary>
    private protected abstract byte[] TextOf(string token);

    private int Required(SpecialToken role) => Vocabulary[role] ?? throw new ArchGenException(
        $"{Vocabulary.Source}: the tokenizer adds {role} to a text, but the vocabulary names no such token ({SpecialTokenTexts.Keys(role)[0]}). "
        + "Add the key, or encode without special tokens.");
}
