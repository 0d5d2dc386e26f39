using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// Special tokens that swallow the white space beside them. GGUF has no key for it, so the published models that need it are listed by name.
/// </summary>
internal static class StrippingTokens
{
    public static (IReadOnlySet<int> Left, IReadOnlySet<int> Right) Of(GgufMetadata metadata, Vocabulary vocabulary)
    {
        var name = metadata.GetStringOrNull("general.name") ?? "";
        var architecture = metadata.GetStringOrNull("general.architecture") ?? "";
        var pre = metadata.GetStringOrNull("tokenizer.ggml.pre") ?? "";

        if (ContainsAny(pre, "jina-v2-de", "jina-v2-es", "jina-v2-code", "roberta-bpe") || ContainsAny(architecture, "nomic-bert-moe", "jina-bert-v3"))
        {
            return (Only(vocabulary, "<mask>"), new HashSet<int>());
        }

        if (ContainsAny(name, "phi-3", "phi3"))
        {
            var right = Enumerable.Range(0, vocabulary.Count)
                .Where(id => vocabulary.Type(id) is TokenType.Control or TokenType.UserDefined or TokenType.Unknown)
                .Where(id => vocabulary.Text(id) is not ("<unk>" or "<s>" or "<|endoftext|>"));
            return (new HashSet<int>(), right.ToHashSet());
        }

        var isModernBert = pre == "modern-bert" || name.Contains("modern-bert", StringComparison.OrdinalIgnoreCase);
        return (isModernBert ? Only(vocabulary, "[MASK]") : new(), new HashSet<int>());
    }

    private static HashSet<int> Only(Vocabulary vocabulary, string text) => vocabulary.Find(text) is { } id ? [id] : [];

    private static bool ContainsAny(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
