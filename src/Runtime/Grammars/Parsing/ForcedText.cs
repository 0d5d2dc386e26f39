using System.Text;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Parsing;

/// <summary>
/// The text that a grammar leaves no choice in, as the tokenizer's own tokens. A text has many tokenizations, and a model knows the one that its tokenizer
/// makes: so the tokenizer divides the forced text, and last tokens are withheld that it might write otherwise together with what follows. (llguidance,
/// docs/fast_forward.md.)
/// </summary>
internal static class ForcedText
{
    private const int MaxBytes = 256;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="recent">The last tokens of the text so far.</param>
    public static int Tokens(GrammarEngine engine, TokenVocabulary vocabulary, Position position, ReadOnlySpan<int> recent, Span<int> tokens)
    {
        if (vocabulary.Encode is not { } encode) return 0;
        engine.BeginWork();
        if (engine.OnlyByte(position) < 0) return 0;
        Span<byte> forced = stackalloc byte[MaxBytes];
        var length = 0;
        for (var at = position; length < MaxBytes && engine.OnlyByte(at) is >= 0 and var only; length++)
        {
            forced[length] = (byte)only;
            at = engine.Step(at, forced.Slice(length, 1));
        }

        forced = forced[..WholeCharacters(forced[..length])];
        if (forced.IsEmpty) return 0;
        var divided = Divide(vocabulary, encode, recent, forced);
        var kept = Kept(engine, vocabulary, engine.Step(position, forced), forced);
        var count = 0;
        foreach (var token in divided)
        {
            kept -= vocabulary.Bytes(token).Length;
            if (kept < 0 || count == tokens.Length) break;
            tokens[count++] = token;
        }

        return count;
    }

    /// <summary>The tokenizer's tokens of the forced text after the recent ones; none if it would write those otherwise.</summary>
    private static ReadOnlySpan<int> Divide(TokenVocabulary vocabulary, Func<string, int[]> encode, ReadOnlySpan<int> recent, ReadOnlySpan<byte> forced)
    {
        // After a token without bytes, such as the mark of a tool call, a new text begins.
        for (var i = recent.Length - 1; i >= 0; i--)
        {
            if (vocabulary.Bytes(recent[i]).IsEmpty)
            {
                recent = recent[(i + 1)..];
                break;
            }
        }

        List<byte> bytes = [];
        foreach (var token in recent) bytes.AddRange(vocabulary.Bytes(token));
        bytes.AddRange(forced);
        string text;
        try
        {
            text = Strict.GetString(bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            return [];
        }

        ReadOnlySpan<int> all = encode(text);
        if (!all.StartsWith(recent)) return [];
        var at = 0;
        foreach (var token in all[recent.Length..])
        {
            if ((uint)token >= (uint)vocabulary.Count) return [];
            var part = vocabulary.Bytes(token);
            if (part.IsEmpty || !forced[at..].StartsWith(part)) return [];
            at += part.Length;
        }

        return at == forced.Length ? all[recent.Length..] : [];
    }

    /// <summary>The number of bytes that no allowed token shares with what follows the forced text.</summary>
    private static int Kept(GrammarEngine engine, TokenVocabulary vocabulary, Position end, ReadOnlySpan<byte> forced)
    {
        for (var i = Math.Max(0, forced.Length - vocabulary.LongestToken + 1); i < forced.Length; i++)
        {
            var nodes = Below(vocabulary.All.Nodes, forced[i..]);
            if (!nodes.IsEmpty && engine.AllowsAny(nodes, forced.Length - i, end)) return i;
        }

        return forced.Length;
    }

    /// <summary>The nodes below the one of these bytes; none if there is no such node.</summary>
    private static ReadOnlySpan<ulong> Below(ReadOnlySpan<ulong> nodes, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            var at = 0;
            while (at < nodes.Length && TokenTrie.Byte(nodes[at]) != value) at += TokenTrie.Length(nodes[at]);
            if (at >= nodes.Length) return [];
            nodes = nodes.Slice(at + 1, TokenTrie.Length(nodes[at]) - 1);
        }

        return nodes;
    }

    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.Length - 1;
        while (start >= 0 && start > bytes.Length - 4 && (bytes[start] & 0xC0) == 0x80) start--;
        if (start < 0) return bytes.Length;
        var length = bytes[start] switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
        return start + length > bytes.Length ? start : bytes.Length;
    }
}
