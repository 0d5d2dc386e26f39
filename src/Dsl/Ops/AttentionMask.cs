namespace ArchGen;

/// <summary>The keys that a query attends to.</summary>
public enum AttentionMask
{
    /// <summary>Keys at the query's position and before; with a window of w, the last w of them.</summary>
    Causal,

    /// <summary>All keys of the sequence; with a window of w, those at most w/2 positions away on either side.</summary>
    Bidirectional,
}
