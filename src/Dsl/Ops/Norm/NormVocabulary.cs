namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>x / max(|x|, epsilon) over the last dimension, which gets length 1.</summary>
    [Op(Op.L2Norm)]
    protected static Tensor L2Norm(Tensor x, float epsilon) => x.Apply(Op.L2Norm, new Attributes((Attr.Epsilon, epsilon)));

    /// <summary>As <see cref="RmsNorm(Tensor, float)"/>, with the model's epsilon of root-mean-square norms.</summary>
    [Op(Op.RmsNorm, Reads = [nameof(DecoderModel.RmsEpsilon)])]
    protected Tensor RmsNorm(Tensor x) => RmsNorm(x, ((DecoderModel)Root).RmsEpsilon);

    /// <summary>Root-mean-square norm without a weight: x / sqrt(mean(x^2) + epsilon) over the last dimension (arXiv:1910.07467).</summary>
    [Op(Op.RmsNorm)]
    protected static Tensor RmsNorm(Tensor x, float epsilon) => x.Apply(Op.RmsNorm, new Attributes((Attr.Epsilon, epsilon)), [null]);

    /// <summary>As <see cref="LayerNorm(Tensor, float)"/>, with the model's epsilon of layer norms.</summary>
    [Op(Op.LayerNorm, Reads = [nameof(DecoderModel.LayerNormEpsilon)])]
    protected Tensor LayerNorm(Tensor x) => LayerNorm(x, ((DecoderModel)Root).LayerNormEpsilon);

    /// <summary>Layer norm without weight or bias: (x - mean) / sqrt(variance + epsilon) over the last dimension (arXiv:1607.06450).</summary>
    [Op(Op.LayerNorm)]
    protected static Tensor LayerNorm(Tensor x, float epsilon) => x.Apply(Op.LayerNorm, new Attributes((Attr.Epsilon, epsilon)), null, null);
}
