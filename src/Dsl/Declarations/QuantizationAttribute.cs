namespace ArchGen;

/// <summary>
/// Deviations of this architecture's published quantizations from the common file types. Derived architectures do not inherit them.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuantizationAttribute : Attribute
{
    /// <summary>Whether every file type stores the output matrix in 8 bits.</summary>
    public bool WideOutput { get; set; }

    /// <summary>Whether fewer layers get a larger type for the outputs of the feed-forward network and of attention.</summary>
    public bool LeanBlocks { get; set; }

    /// <summary>
    /// The layer count of the model whose value matrices are stored in at least 5 bits if enough query heads share a value head (80: Llama 2 70B); 0 for none.
    /// </summary>
    public int WideValueBlocks { get; set; }

    /// <summary>
    /// The matrices that get the type of a matrix without a role, although their use in the graph gives them one; <c>*</c> matches any text, <c>|</c> separates
    /// several.
    /// </summary>
    public string Plain { get; set; } = "";
}
