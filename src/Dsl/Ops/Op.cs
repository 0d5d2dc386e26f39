namespace ArchGen;

/// <summary>
/// The operations of a graph. Each stands in a family's folder beside this file: its shape rule, its reference, its word in the language.
/// A new one is added there and here, and to a backend's kernels.
/// </summary>
public enum Op
{
    // Leaves
    Weight, Tokens, Positions, Segments, Encoded, State,

    // Linear
    GetRows, Linear, HeadLinear, ExpertLinear,

    // Norm
    RmsNorm, LayerNorm, L2Norm,

    // Elementwise
    Add, Subtract, Multiply, Divide, Scale, Affine, Clamp,
    Silu, Gelu, GeluTanh, GeluQuick, Relu, ReluSquared, Sigmoid, Tanh, Softplus, Exp,

    // Layout
    Heads, Flatten, Slice, Concat, RepeatHeads,

    // Selection
    Softmax, Sum, TopK, TopGroups, Gather, SparseMixer, WeightedSum,

    // Attention
    Rope, Temperature, Attention, CrossAttention,

    // Recurrent
    CausalConv, SelectiveScan, GatedDeltaRule,

    // Inserted at load
    SelectOutputs, GeluTable,
}
