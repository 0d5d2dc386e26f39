using System.IO.Enumeration;
using ArchGen.Gguf;

namespace ArchGen.Runtime.Loading;

/// <summary>
/// The keys of a file under its architecture's prefix that the architecture did not read: misspelt ones, and those of features that it does not have.
/// Keys without an effect on the result are not included.
/// </summary>
public static class UnreadKeys
{
    private const int Shown = 5;

    // Keys of published files, without prefix, and the reason why no declaration needs to read them.
    private static readonly (string Reason, string[] Keys)[] WithoutEffect =
    [
        ("the runtime reads it beside the declaration", ["context_length", "pooling_type", "decoder_start_token_id", "classifier.output_labels"]),
        ("the shapes of tensors tell", ["vocab_size", "attention.value_length", "dense_?_feat_*"]),
        ("on a text all sections of a position are the same", ["rope.dimension_sections"]),
        ("it tells of the training", ["rope.scaling.finetuned"]),
        ("it tells how a converter laid out tensors", ["tensor_data_layout"]),
        ("pictures and sound are not read", ["vision.*", "audio.*", "mm.*", "n_deepstack_layers"]),
        ("further tokens are not predicted", ["nextn_predict_layers"]),
    ];

    /// <summary>The keys, in the order of the file, each with the key that was probably meant, if the file lacks one of a similar name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">The same, after the architecture was loaded from it.</param>
    /// <param name="architecture">The architecture.</param>
    public static IReadOnlyList<(string Key, string? Nearest)> Of(GgufFile file, GgufModelSource source, ArchitectureInfo architecture)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(architecture);
        var prefix = architecture.Name + ".";
        var unread = new List<string>();
        foreach (var (key, value) in file.Metadata)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || source.AskedKeys.Contains(key)) continue;
            var own = key[prefix.Length..];
            if (!IsOff(own, value) && !IsWithoutEffect(own) && !IsConverted(own, architecture)) unread.Add(key);
        }

        var missing = source.AskedKeys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !file.Metadata.ContainsKey(key));
        return unread.ConvertAll(key => (key, Spelling.Nearest(key, missing)));
    }

    /// <summary>A key, and the one that was probably meant.</summary>
    public static string Name((string Key, string? Nearest) unread) => unread.Nearest is null ? unread.Key : $"{unread.Key} (is {unread.Nearest} meant?)";

    /// <summary>The keys in a line that a user should see, or null if there are none.</summary>
    public static string? Note(string file, IReadOnlyList<(string Key, string? Nearest)> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0) return null;
        var names = keys.Take(Shown).Select(Name);
        var more = keys.Count > Shown ? $" and {keys.Count - Shown} more, which 'archgen inspect' lists" : "";
        return $"{file}: the architecture does not read {string.Join(", ", names)}{more}; the author's model may compute something else.";
    }

    private static bool IsWithoutEffect(string key) =>
        WithoutEffect.Any(w => w.Keys.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false)));

    /// <summary>Whether conversion writes a key: for the sake of other programs, it is no surprise.</summary>
    private static bool IsConverted(string key, ArchitectureInfo architecture) => architecture.Conversion.Keys.Any(k => k.Key == key);

    /// <summary>Whether a value says that what the key is about does not take place.</summary>
    private static bool IsOff(string key, GgufValue value) => key == "attention.causal"
        ? value.Type == GgufValueType.Bool && value.AsBool()
        : value.Type switch
        {
            GgufValueType.String => value.AsString() is "" or "none",
            GgufValueType.Bool => !value.AsBool(),
            GgufValueType.Array => value.Count == 0,
            _ => value.AsDouble() == 0,
        };
}
