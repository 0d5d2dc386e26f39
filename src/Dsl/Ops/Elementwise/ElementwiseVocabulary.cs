using ArchGen.Eager;

namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>x * sigmoid(x) (arXiv:1702.03118).</summary>
    [Op(Op.Silu)]
    protected static Tensor Silu(Tensor x) => x.Apply(Op.Silu, default);

    /// <summary>x * Phi(x), with the error function (arXiv:1606.08415).</summary>
    [Op(Op.Gelu)]
    protected static Tensor Gelu(Tensor x) => x.Apply(Op.Gelu, default);

    /// <summary>The tanh approximation of GELU (arXiv:1606.08415); transformers calls it <c>gelu_new</c> and <c>gelu_pytorch_tanh</c>.</summary>
    [Op(Op.GeluTanh)]
    protected static Tensor GeluTanh(Tensor x) => x.Apply(Op.GeluTanh, default);

    /// <summary>x * sigmoid(1.702 x).</summary>
    [Op(Op.GeluQuick)]
    protected static Tensor GeluQuick(Tensor x) => x.Apply(Op.GeluQuick, default);

    /// <summary>max(x, 0).</summary>
    [Op(Op.Relu)]
    protected static Tensor Relu(Tensor x) => x.Apply(Op.Relu, default);

    /// <summary>max(x, 0)^2 (arXiv:2109.08668).</summary>
    [Op(Op.ReluSquared)]
    protected static Tensor ReluSquared(Tensor x) => x.Apply(Op.ReluSquared, default);

    /// <summary>
    /// xIELU (arXiv:2411.13010): p x^2 + beta x for x above 0, else n (exp(min(x, epsilon)) - 1 - x) + beta x, with p = softplus(alphaP) and
    /// n = beta + softplus(alphaN).
    /// </summary>
    /// <param name="x">The operand.</param>
    /// <param name="alphaP">The trained number from which p is computed.</param>
    /// <param name="alphaN">The trained number from which n is computed.</param>
    /// <param name="beta">The slope at 0; the paper's is 0.5.</param>
    /// <param name="epsilon">The largest operand of the exponential, a small negative number; the published code's is -1e-6.</param>
    [Op(Op.Xielu)]
    protected static Tensor Xielu(Tensor x, float alphaP, float alphaN, float beta, float epsilon) => x.Apply(
        Op.Xielu,
        new Attributes(
            (Attr.AlphaPositive, (float)ElementwiseReference.Softplus(alphaP)), (Attr.AlphaNegative, (float)(beta + ElementwiseReference.Softplus(alphaN))),
            (Attr.Beta, beta), (Attr.Epsilon, epsilon)));

    /// <summary>1 / (1 + exp(-x)).</summary>
    [Op(Op.Sigmoid)]
    protected static Tensor Sigmoid(Tensor x) => x.Apply(Op.Sigmoid, default);

    /// <summary>The hyperbolic tangent.</summary>
    [Op(Op.Tanh)]
    protected static Tensor Tanh(Tensor x) => x.Apply(Op.Tanh, default);

    /// <summary>log(1 + exp(x)).</summary>
    [Op(Op.Softplus)]
    protected static Tensor Softplus(Tensor x) => x.Apply(Op.Softplus, default);

    /// <summary>The exponential.</summary>
    [Op(Op.Exp)]
    protected static Tensor Exp(Tensor x) => x.Apply(Op.Exp, default);

    /// <summary>The square root; NaN below zero.</summary>
    [Op(Op.Sqrt)]
    protected static Tensor Sqrt(Tensor x) => x.Apply(Op.Sqrt, default);

    /// <summary>Elements below min or above max are replaced by them.</summary>
    [Op(Op.Clamp)]
    protected static Tensor Clamp(Tensor x, float min, float max) => x.Apply(Op.Clamp, new Attributes((Attr.Min, min), (Attr.Max, max)));
}
