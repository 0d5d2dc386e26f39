namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>exp(x) / sum(exp(x)) over the last dimension.</summary>
    [Op(Op.Softmax)]
    protected static Tensor Softmax(Tensor x) => x.Apply(Op.Softmax, default);

    /// <summary>The sum over the last dimension, which becomes 1.</summary>
    [Op(Op.Sum)]
    protected static Tensor Sum(Tensor x) => x.Apply(Op.Sum, default);

    /// <summary>The indices of the largest elements of the last dimension, largest first, the lower index first among equals.</summary>
    [Op(Op.TopK)]
    protected static Tensor TopK(Tensor x, int count) => x.Apply(Op.TopK, new Attributes((Attr.Count, count)));

    /// <summary>
    /// x [T, experts] in equal groups; a group's score is the sum of its <paramref name="length"/> largest elements.
    /// The elements of all but the <paramref name="count"/> best groups become -infinity (DeepSeek-V3, arXiv:2412.19437, section 2.1.2).
    /// </summary>
    [Op(Op.TopGroups)]
    protected static Tensor TopGroups(Tensor x, int groups, int count, int length) =>
        x.Apply(Op.TopGroups, new Attributes((Attr.Groups, groups), (Attr.Count, count), (Attr.Length, length)));

    /// <summary>x [T, n], ids [T, k] -> [T, k]: the elements at the indices.</summary>
    [Op(Op.Gather)]
    protected static Tensor Gather(Tensor x, Tensor ids) => x.Apply(Op.Gather, default, ids);

    /// <summary>
    /// The weights of the experts <paramref name="ids"/> [T, k], best first, from their scores x [T, experts], by SparseMixer-v2 (GRIN, arXiv:2409.12136):
    /// an expert's softmax weight among the later experts with similar scores; <paramref name="jitter"/>, the noise of training, gives the threshold.
    /// </summary>
    [Op(Op.SparseMixer)]
    protected static Tensor SparseMixer(Tensor x, Tensor ids, float jitter) => x.Apply(Op.SparseMixer, new Attributes((Attr.Jitter, jitter)), ids);

    /// <summary>x [T, k, d], weights [T, k] -> [T, d]: the sum of k rows, each with its weight.</summary>
    [Op(Op.WeightedSum)]
    protected static Tensor WeightedSum(Tensor x, Tensor weights) => x.Apply(Op.WeightedSum, default, weights);
}
