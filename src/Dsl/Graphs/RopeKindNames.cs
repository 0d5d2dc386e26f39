namespace ArchGen.Graphs;

/// <summary>The names of rotary embeddings in graph listings: those of ggml's GGML_ROPE_TYPE_NORMAL and GGML_ROPE_TYPE_NEOX.</summary>
internal static class RopeKindNames
{
    private static readonly (RopeKind Kind, string Name)[] Names =
    [
        (RopeKind.Unstated, "unstated"), (RopeKind.None, "none"), (RopeKind.Interleaved, "normal"), (RopeKind.HalfSplit, "neox"),
    ];

    /// <summary>The name of a kind; null for an undefined value.</summary>
    public static string? Of(RopeKind kind) => Array.Find(Names, n => n.Kind == kind).Name;

    /// <summary>The kind with a name, regardless of case, or null.</summary>
    public static RopeKind? Find(string name)
    {
        var index = Array.FindIndex(Names, n => n.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : Names[index].Kind;
    }
}
