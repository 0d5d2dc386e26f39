namespace ArchGen.Vulkan.Modules;

/// <summary>How much of an element's coordinates a kernel computes.</summary>
internal enum ElementwiseLayout
{
    /// <summary>All operands have the shape of the result and lie as it does, without a gap: the index is enough.</summary>
    Flat,

    /// <summary>Row and column: one division for an element.</summary>
    Rows,

    /// <summary>Row, head and column: two divisions for an element.</summary>
    Heads,
}
