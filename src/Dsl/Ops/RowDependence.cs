namespace ArchGen;

/// <summary>
/// The rows, besides weights, on which an operation's result for one token depends. It decides which rows must be computed when outputs are requested for
/// some tokens only.
/// </summary>
public enum RowDependence
{
    /// <summary>The operands' rows of the same token alone.</summary>
    Own,

    /// <summary>The operands' rows of the same token, and its position.</summary>
    Position,

    /// <summary>Rows of other tokens: of the batch, of the sequence before it, or of the encoder.</summary>
    Others,
}
