namespace ArchGen;

/// <summary>The families of operations: each has a folder with the shape rules, references, mutations and words of its operations.</summary>
public enum OpFamily
{
    /// <summary>What is given, not computed: weights, states, and the inputs of a batch.</summary>
    Leaves,

    /// <summary>Products with weights, and tables.</summary>
    Linear,

    /// <summary>Normalizations of each row.</summary>
    Norm,

    /// <summary>Functions of each element by itself, of one operand or of two that are broadcast.</summary>
    Elementwise,

    /// <summary>What moves elements and changes none.</summary>
    Layout,

    /// <summary>Choices among the elements of a row.</summary>
    Selection,

    /// <summary>Attention, and what belongs to its queries and keys.</summary>
    Attention,

    /// <summary>Operations with a state.</summary>
    Recurrent,
}
