namespace ArchGen;

/// <summary>
/// Where the published quantizations of this architecture part from the common mixes. It holds for this class alone, not for its variants.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuantizationAttribute : Attribute
{
    /// <summary>Whether every mix stores the output in 8 bits.</summary>
    public bool WideOutput { get; set; }

    /// <summary>Whether the mixes give fewer of the better types to the feed-forward network's and the attention's output.</summary>
    public bool LeanBlocks { get; set; }

    /// <summary>The number of blocks of the model whose values, if several query heads share them, are stored in 5 bits at least; 0 for none.</summary>
    public int WideValueBlocks { get; set; }

    /// <summary>
    /// The matrices that no mix treats apart, although what reads them says otherwise; <c>*</c> stands for anything, <c>|</c> separates several.
    /// </summary>
    public string Plain { get; set; } = "";
}
