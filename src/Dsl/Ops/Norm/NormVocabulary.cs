namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>x / max(|x|, epsilon) over the last dimension, which gets length 1.</summary>
    [Op(Op.L2Norm)]
    protected static Tensor L2Norm(Tensor x, float epsilon) => x.Apply(Op.L2Norm, new Attributes((Attr.Epsilon, epsilon)));
}
