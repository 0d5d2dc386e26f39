namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>a [.., m], b [.., n] -> [.., m+n].</summary>
    [Op(Op.Concat)]
    protected static Tensor Concat(Tensor a, Tensor b) => a.Apply(Op.Concat, default, b);
}
