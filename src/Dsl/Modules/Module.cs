namespace ArchGen;

/// <summary>A module that a model declares with <see cref="TensorAttribute"/>: a tensor, its companions, and its operation.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public abstract class Module
{
    private protected Module(string name) => Name = name;

    /// <summary>The name in the file without suffix: <c>blk.3.attn_q</c>.</summary>
    public string Name { get; }

    private protected Tensor Apply(Tensor x, Op op, Attributes attributes, params TensorInfo?[] weights) =>
        Guard.NotNull(x).Evaluation.Apply(Name, op, attributes, [x, .. weights.Select(x.Evaluation.Weight)]);
}

/// <summary>A table of rows, looked up by token or position: [rows, width].</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Embedding(string name, TensorInfo weight) : Module(name)
{
    internal TensorInfo Weight { get; } = weight;

    /// <summary>The rows of the tokens, [T, width].</summary>
    [Op(Op.GetRows)]
    public Tensor Of(Tokens tokens) => Of(Guard.NotNull(tokens).Ids);

    /// <summary>The rows of the indices, [T, width].</summary>
    [Op(Op.GetRows)]
    public Tensor Of(Tensor ids) => Guard.NotNull(ids).Evaluation.Apply(Name, Op.GetRows, default, ids.Evaluation.Weight(Weight), ids);

    /// <summary>The product with every row, x [.., width] -> [.., rows]: an output tied to the embedding.</summary>
    [Op(Op.Linear, Node = "output")]
    public Tensor Logits(Tensor x) => Apply(x, Op.Linear, default, Weight, null, null);
}

/// <summary>A matrix product <c>y = W x (* scale) (+ bias)</c>, or <c>(W x + bias) * scale</c>; the weight is [out, in].</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Linear(string name, TensorInfo weight, TensorInfo? bias, TensorInfo? scale, bool scaleLast = false) : Module(name)
{
    internal TensorInfo Weight { get; } = weight;

    /// <summary>x [.., in] -> [.., out].</summary>
    [Op(Op.Linear)]
    public Tensor Of(Tensor x) => scaleLast && scale is not null && bias is not null
        ? Apply(x, Op.Linear, default, Weight, bias, null) * x.Evaluation.Weight(scale)
        : Apply(x, Op.Linear, default, Weight, bias, scale);
}

/// <summary>A matrix product per head; the weight is [heads, out, in].</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class HeadLinear(string name, TensorInfo weight) : Module(name)
{
    /// <summary>x [T, heads, in] -> [T, heads, out].</summary>
    [Op(Op.HeadLinear)]
    public Tensor Of(Tensor x) => Apply(x, Op.HeadLinear, default, weight);
}

/// <summary>The stacked matrices of a mixture's experts; the weight is [experts, out, in].</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Experts(string name, TensorInfo weight, TensorInfo? bias, TensorInfo? scale) : Module(name)
{
    /// <summary>x [T, in] or [T, used, in], experts [T, used] -> [T, used, out]: each token's product with each expert chosen for it.</summary>
    [Op(Op.ExpertLinear)]
    public Tensor Of(Tensor x, Tensor experts)
    {
        ArgumentNullException.ThrowIfNull(x);
        var evaluation = x.Evaluation;
        return evaluation.Apply(Name, Op.ExpertLinear, default, x, evaluation.Weight(weight), experts, evaluation.Weight(bias), evaluation.Weight(scale));
    }
}

/// <summary>Root-mean-square norm (arXiv:1910.07467).</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class RmsNorm(string name, TensorInfo weight, float epsilon) : Module(name)
{
    /// <summary>x / sqrt(mean(x^2) + epsilon) * weight over the last dimension.</summary>
    [Op(Op.RmsNorm)]
    public Tensor Of(Tensor x) => Apply(x, Op.RmsNorm, new Attributes((Attr.Epsilon, epsilon)), weight);
}

/// <summary>Layer norm (arXiv:1607.06450).</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class LayerNorm(string name, TensorInfo weight, TensorInfo? bias, float epsilon) : Module(name)
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias over the last dimension.</summary>
    [Op(Op.LayerNorm)]
    public Tensor Of(Tensor x) => Apply(x, Op.LayerNorm, new Attributes((Attr.Epsilon, epsilon)), weight, bias);
}

/// <summary>A depthwise causal convolution; the weight is [channels, kernel].</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class CausalConv(string name, TensorInfo weight, TensorInfo? bias) : Module(name)
{
    /// <summary>x [T, channels] -> [T, channels]; the state holds the kernel-1 inputs before the batch, [kernel-1, channels].</summary>
    [Op(Op.CausalConv)]
    public Tensor Of(Tensor x, State state)
    {
        ArgumentNullException.ThrowIfNull(x);
        var evaluation = x.Evaluation;
        return evaluation.Apply(Name, Op.CausalConv, default, x, evaluation.Weight(weight), evaluation.Weight(bias), evaluation.State(state));
    }
}

/// <summary>A tensor without an operation: an operand like any other.</summary>
public sealed class Weight(string name, TensorInfo weight) : Module(name)
{
    internal Tensor In(Evaluation evaluation) => evaluation.Weight(weight)!;
}

/// <summary>The recurrent state that a block keeps per sequence from one batch to the next; zero at the beginning of the sequence.</summary>
public sealed class State(string name, long[] dims)
{
    /// <summary>The name: <c>blk.3.conv.state</c>.</summary>
    public string Name { get; } = name;

    internal Shape Shape { get; } = new([.. Guard.NotNull(dims).Select(d => (Dim)d)]);
}
