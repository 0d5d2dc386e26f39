namespace ArchGen.Runtime.Planning;

/// <summary>The meaning of the rows of a value, which decides their number and when they are computed.</summary>
internal enum RowDomain
{
    /// <summary>Depends on weights alone: computed once, when the plan is compiled.</summary>
    Constant,

    /// <summary>One row per token of the encoder (S): computed when the encoder's rows are set.</summary>
    Encoder,

    /// <summary>One row per token of the batch (T).</summary>
    Tokens,

    /// <summary>One row per token whose output is wanted (O).</summary>
    Outputs,
}

/// <summary>The number of rows of a value.</summary>
/// <param name="Domain">The row domain.</param>
/// <param name="Constant">Their number if they are constant; otherwise the micro-batch decides it.</param>
internal readonly record struct RowCount(RowDomain Domain, int Constant);
