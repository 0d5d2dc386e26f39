using System.Text;
using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;
using ArchGen.Tokenizers.HuggingFace.Models;
using ArchGen.Tokenizers.PreTokenization;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>
/// A tokenizer.json as Hugging Face's <c>tokenizers</c> runs it: added tokens are found, the text between them is normalized, split into pieces and
/// encoded by the model, and the post-processor adds special tokens. Padding and truncation of the file are left aside.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class HuggingFaceTokenizer : Tokenizer
{
    /// <summary>The key under which a GGUF file holds a whole tokenizer.json (GGUF specification, "Hugging Face").</summary>
    public const string MetadataKey = "tokenizer.huggingface.json";

    /// <summary>The largest id a token may have; published vocabularies end at some 260 000.</summary>
    internal const int MaxTokens = 1 << 22;

    private readonly Func<string, string>? _normalizer;
    private readonly List<PreTokenizerStep> _preTokenizer;
    private readonly TokenModel _model;
    private readonly Func<List<string>, List<string>>? _decoder;
    private readonly PostProcessors _postProcessor;
    private readonly AddedTokens _verbatim;
    private readonly AddedTokens _normalized;
    private readonly Dictionary<int, string> _shown; // added tokens whose text for the decoder is not their content
    private readonly HashSet<string> _special;
    private readonly Lazy<int?> _letter; // a token that is a letter, wherever it is

    private HuggingFaceTokenizer(Parts parts, GgufMetadata metadata)
        : base(new Vocabulary(metadata.Source, parts.Texts, parts.Types, null, metadata))
    {
        (_normalizer, _preTokenizer, _model, _decoder, _postProcessor) =
            (parts.Normalizer, parts.PreTokenizer, parts.Model, parts.Decoder, parts.PostProcessor);
        _verbatim = new(parts.Added.Where(token => !token.Normalized));
        _normalized = new(parts.Added.Where(token => token.Normalized));
        _shown = parts.Added.Where(token => token.Matched != token.Content).ToDictionary(token => token.Id, token => token.Matched);
        _special = [.. parts.Added.Where(token => token.Special).Select(token => token.Content)];
        _letter = new(Letter);
        AddsBos = _postProcessor.Before.Length > 0;
        AddsEos = _postProcessor.After.Length > 0;
        Warnings = parts.Warnings;
    }

    internal override bool DecodesEachByItself => false;

    /// <summary>Reads a tokenizer.json, or the one in a folder.</summary>
    /// <exception cref="ModelFileException">There is none, it is damaged, or it has a component that is not known.</exception>
    public static HuggingFaceTokenizer Open(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        if (!File.Exists(file)) throw new ModelFileException($"{file} does not exist. Give a tokenizer.json, or a folder that has one.");
        return Read(JsonFile.Read(file, keepsCharacters: true), new GgufMetadata(file));
    }

    /// <summary>The tokenizer.json inside a GGUF file; the file's own keys say which tokens have which role.</summary>
    internal static HuggingFaceTokenizer FromEmbedded(GgufMetadata metadata) => Read(
        JsonFile.Parse(Encoding.UTF8.GetBytes(metadata.GetString(MetadataKey)), $"{metadata.Source}: key {MetadataKey}", keepsCharacters: true), metadata);

    private static HuggingFaceTokenizer Read(JsonElement root, GgufMetadata metadata) => new(Parts.Read(new(root, metadata.Source)), metadata);

    // Special tokens in the text are read as such by default in the reference. Other added tokens always are.
    private protected override int[] Encode(string text, bool addSpecial, SpecialScope scope)
    {
        List<int> tokens = new(text.Length / 3 + 8);
        if (addSpecial) tokens.AddRange(_postProcessor.Before);
        var model = _model.ForText();
        text = WholeCharacters(text);
        List<(int Start, int End, int Id)> parts = [];
        _verbatim.Split(text, scope, parts);
        foreach (var (start, end, id) in parts)
        {
            if (id >= 0) tokens.Add(id);
            // A normalizer moves characters: a part with any plain range has no special tokens.
            else EncodeNormalized(text[start..end], start == 0, new SpecialScope(scope.Allows(start, end)), model, tokens);
        }

        if (addSpecial) tokens.AddRange(_postProcessor.After);
        return [.. tokens];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens, bool special)
    {
        List<string> texts = new(tokens.Length);
        foreach (var token in tokens)
        {
            if (TextOf(token, special) is { } text) texts.Add(text);
        }

        return _decoder is null ? string.Join(' ', texts) : string.Concat(_decoder(texts));
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Piece(int token, bool special)
    {
        // Decoders treat the first token of a text in another way than those after it.
        var text = _letter.Value is { } letter ? Decode([letter, token], special)[1..] : Decode([token], special);
        if (!text.Contains('\uFFFD', StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(text);
        // A part of a character has no text: its bytes, as byte-level and byte-fallback vocabularies write them.
        var written = Vocabulary.Text(token);
        if (ByteTokens.Parse(written) is { } value) return new[] { value };
        var bytes = new byte[written.Length];
        return ByteAlphabet.TryDecode(written, bytes, out var length) ? bytes.AsSpan(0, length) : Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The text after the normalizer, as if no added token occurred.</summary>
    internal string Normalize(string text) => _normalizer is null ? text : _normalizer(text);

    /// <summary>The pieces of a normalized text.</summary>
    internal List<Piece> PreTokenize(string text, bool begins) => PreTokenize(_preTokenizer, text, begins);

    internal static List<Piece> PreTokenize(List<PreTokenizerStep> steps, string text, bool begins)
    {
        List<Piece> pieces = text.Length == 0 ? [] : [new(text, 0, text.Length, begins)];
        foreach (var step in steps)
        {
            List<Piece> next = new(pieces.Count * 2);
            foreach (var piece in pieces) step(piece, next);
            pieces = next;
        }

        return pieces;
    }

    private void EncodeNormalized(string text, bool begins, SpecialScope scope, TokenModel model, List<int> tokens)
    {
        var normal = Normalize(text);
        List<(int Start, int End, int Id)> parts = [];
        _normalized.Split(normal, scope, parts);
        foreach (var (start, end, id) in parts)
        {
            if (id >= 0)
            {
                tokens.Add(id);
                continue;
            }

            foreach (var piece in PreTokenize(normal[start..end], begins && start == 0)) model.Encode(piece.Span, tokens);
        }
    }

    private int? Letter()
    {
        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            if (Vocabulary.Find(letter.ToString()) is { } id && Decode([id], special: false) == letter.ToString()) return id;
        }

        return null;
    }

    private string? TextOf(int token, bool special)
    {
        var text = Vocabulary.Text(token);
        if (_shown.TryGetValue(token, out var shown)) text = shown;
        return Vocabulary.Type(token) == TokenType.Unused || (!special && _special.Contains(text)) ? null : text;
    }

    private static string WholeCharacters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }

            i++;
        }

        return text;
    }
}
