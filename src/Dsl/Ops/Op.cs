namespace ArchGen;

/// <summary>
/// The operations of a graph. The shape rule, the reference and the function of each are in its family's folder, next to this file.
/// A new operation is added here, in that folder, and to the kernels of the backends.
/// </summary>
public enum Op
{
    // Leaves

    /// <summary>A tensor of the file.</summary>
    Weight,

    /// <summary>The token ids of the batch, [T].</summary>
    Tokens,

    /// <summary>The positions of the tokens, [T].</summary>
    Positions,

    /// <summary>The segments of the tokens, [T]: the index of the text, of two, that each belongs to.</summary>
    Segments,

    /// <summary>Rows of another graph: [S, width], such as the output of an encoder, or [T, width], one for each token.</summary>
    Encoded,

    /// <summary>The recurrent state of a layer, per sequence.</summary>
    State,

    // Linear

    /// <summary>Rows of a table, by id: an embedding.</summary>
    GetRows,

    /// <summary>y = W x + b for each row.</summary>
    Linear,

    /// <summary>A product with a separate matrix for each head.</summary>
    HeadLinear,

    /// <summary>A product with the matrices of the chosen experts.</summary>
    ExpertLinear,

    // Norm

    /// <summary>Division by the root mean square, and a weight (arXiv:1910.07467).</summary>
    RmsNorm,

    /// <summary>Normalization to mean 0 and variance 1, a weight and a bias (arXiv:1607.06450).</summary>
    LayerNorm,

    /// <summary>Division by the Euclidean norm.</summary>
    L2Norm,

    // Elementwise

    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>x times a constant.</summary>
    Scale,

    /// <summary>x times a constant, plus a constant.</summary>
    Affine,

    /// <summary>x limited to a range.</summary>
    Clamp,

    /// <summary>x sigmoid(x) (arXiv:1702.03118).</summary>
    Silu,

    /// <summary>x Phi(x), by the error function (arXiv:1606.08415).</summary>
    Gelu,

    /// <summary>GELU approximated by tanh (arXiv:1606.08415).</summary>
    GeluTanh,

    /// <summary>x sigmoid(1.702 x) (arXiv:1606.08415).</summary>
    GeluQuick,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0) squared (arXiv:2109.08668).</summary>
    ReluSquared,

    /// <summary>xIELU: a square above zero, an exponential below, and a multiple of x (arXiv:2411.13010).</summary>
    Xielu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>ln(1 + exp(x)).</summary>
    Softplus,

    /// <summary>e to the x.</summary>
    Exp,

    /// <summary>The square root.</summary>
    Sqrt,

    // Layout

    /// <summary>A row as heads: [T, H*D] to [T, H, D].</summary>
    Heads,

    /// <summary>Heads as a row: [T, H, D] to [T, H*D].</summary>
    Flatten,

    /// <summary>Consecutive elements of the last dimension.</summary>
    Slice,

    /// <summary>Two tensors, one after the other in the last dimension.</summary>
    Concat,

    /// <summary>Each head repeated.</summary>
    RepeatHeads,

    // Selection

    /// <summary>exp(x) divided by its sum over the last dimension.</summary>
    Softmax,

    /// <summary>The sum over the last dimension.</summary>
    Sum,

    /// <summary>The indices of the largest elements.</summary>
    TopK,

    /// <summary>Keeps the groups of experts with the largest scores (arXiv:2412.19437).</summary>
    TopGroups,

    /// <summary>Elements by index.</summary>
    Gather,

    /// <summary>The weights of two experts by SparseMixer (arXiv:2409.12136).</summary>
    SparseMixer,

    /// <summary>The sum of the experts' rows, each by its weight.</summary>
    WeightedSum,

    // Attention

    /// <summary>Rotary embedding of positions (arXiv:2104.09864).</summary>
    Rope,

    /// <summary>A scale that depends on the position (Llama 4, Ministral 3).</summary>
    Temperature,

    /// <summary>Softmax attention over the KV cache (arXiv:1706.03762).</summary>
    Attention,

    /// <summary>Attention over the output of an encoder.</summary>
    CrossAttention,

    // Recurrent

    /// <summary>A convolution of each channel over the last tokens.</summary>
    CausalConv,

    /// <summary>The state-space recurrence of Mamba 2 (arXiv:2405.21060).</summary>
    SelectiveScan,

    /// <summary>The gated delta rule (arXiv:2412.06464).</summary>
    GatedDeltaRule,

    // Inserted at load

    /// <summary>The rows of the tokens whose output is requested.</summary>
    SelectOutputs,

    /// <summary>GELU read from llama.cpp's half-precision table.</summary>
    GeluTable,
}
