using System.Globalization;
using System.Text;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Tokenizers;

/// <summary>
/// RWKV's World vocabulary: byte strings, of which always the longest that fits is taken. GGUF holds each as the inside of Python's <c>repr</c> of its
/// bytes; the published file <c>rwkv_vocab_v20230424.txt</c> has lines of id, Python literal and length in bytes.
/// </summary>
internal sealed class RwkvTokenizer : GgufTokenizer
{
    private readonly SymbolTrie _trie = new();

    public RwkvTokenizer(GgufMetadata metadata)
        : base(metadata, new Vocabulary(metadata, []), default(TokenizerFlags).With(metadata))
    {
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            if (Vocabulary.Type(id) is TokenType.Normal) _trie.Add<byte>(TextOf(Vocabulary.Text(id)), id);
        }
    }

    /// <summary>Reads a published vocabulary file.</summary>
    /// <exception cref="ModelFileException">A line is not as said above.</exception>
    public static RwkvTokenizer Open(string path)
    {
        Dictionary<int, string> tokens = [];
        var number = 0;
        using var reader = new StreamReader(InputFile.Open(path, "an RWKV vocabulary"));
        while (reader.ReadLine() is { } line)
        {
            number++;
            var first = line.IndexOf(' ');
            var last = line.LastIndexOf(' ');
            var literal = first < last ? line.AsSpan(first + 1, last - first - 1).Trim() : [];
            var isBytes = literal.StartsWith("b");
            if (isBytes) literal = literal[1..];
            if (literal.Length < 2 || !int.TryParse(line.AsSpan(0, first), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id >= 1 << 22
                || !int.TryParse(line.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || PythonLiteral.Decode(literal[1..^1], isBytes) is not { } bytes || bytes.Length != length)
            {
                throw new ModelFileException(
                    $"{path}: line {number} is not an id, a Python literal and the literal's length in bytes. Download the file again.");
            }

            tokens[id] = PythonLiteral.Encode(bytes);
        }

        if (tokens.Count == 0) throw new ModelFileException($"{path}: the vocabulary is empty. Download the file again.");
        var count = tokens.Keys.Max() + 1;
        var texts = Enumerable.Range(0, count).Select(id => tokens.GetValueOrDefault(id) ?? (id == 0 ? "<s>" : $"[PAD{id}]")).ToArray();
        var types = Enumerable.Range(0, count).Select(id => (int)(tokens.ContainsKey(id) ? TokenType.Normal : id == 0 ? TokenType.Control : TokenType.Unused));
        return new(new GgufMetadata(path)
        {
            ["tokenizer.ggml.model"] = GgufValue.From("rwkv"),
            ["tokenizer.ggml.tokens"] = GgufValue.From(texts),
            ["tokenizer.ggml.token_type"] = GgufValue.From(types.ToArray()),
            ["tokenizer.ggml.bos_token_id"] = GgufValue.From(0u),
            ["tokenizer.ggml.eos_token_id"] = GgufValue.From(0u),
        });
    }

    // Token 0 has no text in the published vocabulary; "<s>" is how GGUF names it.
    private protected override bool HasMarkers => false;

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        var bytes = SpaceEscape.Encode(text, prefixSpace: false, escape: false);
        for (var start = 0; start < bytes.Length;)
        {
            var token = _trie.Longest<byte>(bytes.AsSpan(start), out var length);
            if (token >= 0) tokens.Add(token);
            start += Math.Max(1, length); // a byte without a token is lost
        }
    }

    private protected override byte[] TextOf(string token) => PythonLiteral.Decode(token, isBytes: true) ?? Encoding.UTF8.GetBytes(token);
}
