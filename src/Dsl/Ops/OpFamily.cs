namespace ArchGen;

/// <summary>The families of operations: each has a folder with the shape rules, references, mutations and functions of its operations.</summary>
public enum OpFamily
{
    /// <summary>Leaves: weights, states, and the inputs of a batch.</summary>
    Leaves,

    /// <summary>Products with weights, and tables.</summary>
    Linear,

    /// <summary>Normalizations of each row.</summary>
    Norm,

    /// <summary>Element-wise functions of one operand, or of two that are broadcast.</summary>
    Elementwise,

    /// <summary>Operations that only move elements.</summary>
    Layout,

    /// <summary>Selection among the elements of a row.</summary>
    Selection,

    /// <summary>Attention, and operations on its queries and keys.</summary>
    Attention,

    /// <summary>Operations with a state.</summary>
    Recurrent,
}
