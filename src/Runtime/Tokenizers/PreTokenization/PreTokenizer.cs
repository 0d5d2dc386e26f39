using ArchGen.Gguf;

namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>
/// Cuts a text into the words that byte-pair encoding works on, and holds what else comes with the name in <c>tokenizer.ggml.pre</c>.
/// </summary>
/// <param name="names">The names, separated by spaces.</param>
/// <param name="steps">The steps, in order.</param>
internal sealed class PreTokenizer(string names, ISplitStep[] steps)
{
    /// <summary>The name for files that were written before there were names.</summary>
    public const string Default = "default";

    private static readonly Lazy<Dictionary<string, PreTokenizer>> ByName = new(() =>
        PreTokenizerTable.All.SelectMany(preTokenizer => preTokenizer.Names.Select(name => (name, preTokenizer))).ToDictionary());

    public string[] Names { get; } = names.Split(' ');

    /// <summary>Whether words are encoded byte by byte, in the byte alphabet; otherwise by character.</summary>
    public bool OverBytes { get; init; } = true;

    /// <summary>Whether a space is written U+2581.</summary>
    public bool EscapesSpaces { get; init; }

    /// <summary>Whether a word that is a token is taken as it is, whatever the merges would make of it.</summary>
    public bool TakesWholeWords { get; init; }

    /// <summary>The same for words that are nothing but line breaks.</summary>
    public bool TakesWholeNewLines { get; init; }

    /// <summary>Whether decoded text is rid of spaces before punctuation and contractions.</summary>
    public bool CleansSpaces { get; init; } = true;

    /// <summary>Whether BOS is put before a text, unless the file says otherwise.</summary>
    public bool AddsBos { get; init; }

    /// <summary>Whether BOS is put before a text, even where the file says otherwise: published files of the family have the key wrong.</summary>
    public bool AlwaysAddsBos { get; init; }

    /// <summary>Whether the family's published tokenizer normalizes texts to form C first. GGUF has no key for it.</summary>
    public bool Composes { get; init; }

    /// <summary>The steps of the published tokenizer, where engines of GGUF apply others.</summary>
    public ISplitStep[]? PublishedSteps { get; init; }

    /// <exception cref="ModelFileException">The name is not known.</exception>
    public static PreTokenizer Find(string name, string source)
    {
        if (ByName.Value.TryGetValue(name, out var found)) return found;
        var nearest = ByName.Value.Keys.OrderBy(known => EditDistance(name, known)).ThenBy(known => known, StringComparer.Ordinal).Take(3);
        throw new ModelFileException(
            $"{source}: tokenizer.ggml.pre is \"{name}\", which is not known, and to guess how the text is split would give wrong tokens. "
            + $"The nearest known names are {string.Join(", ", nearest.Select(known => $"\"{known}\""))}; if the model splits text as one of them does, "
            + "set the key to it.");
    }

    public TokenizerFlags FlagsAfter(GgufMetadata metadata)
    {
        var flags = new TokenizerFlags(AddBos: AddsBos, CleanSpaces: CleansSpaces).With(metadata);
        return AlwaysAddsBos ? flags with { AddBos = true } : flags;
    }

    public bool TakesWholeWord(ReadOnlySpan<byte> word) => TakesWholeWords || (TakesWholeNewLines && !word.ContainsAnyExcept((byte)'\n'));

    /// <summary>The ends of the words of a text, in bytes.</summary>
    /// <param name="asPublished">By the published tokenizer's steps rather than by those that engines of GGUF apply.</param>
    public List<int> Split(ReadOnlySpan<byte> utf8, bool asPublished = false)
    {
        CodePoints text = new(utf8);
        List<int> ends = [text.Count];
        List<int> next = new(utf8.Length / 4 + 1);
        foreach (var step in (asPublished ? PublishedSteps : null) ?? steps)
        {
            step.Split(text, ends, next);
            (ends, next) = (next, ends);
            next.Clear();
        }

        for (var i = 0; i < ends.Count; i++) ends[i] = text.Offset(ends[i]);
        return ends;
    }

    /// <summary>Levenshtein distance: the number of characters that must be changed, added or removed.</summary>
    private static int EditDistance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        foreach (var x in a)
        {
            var current = new int[b.Length + 1];
            current[0] = previous[0] + 1;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (x == b[j - 1] ? 0 : 1));
            }

            previous = current;
        }

        return previous[^1];
    }
}
