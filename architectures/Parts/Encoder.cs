namespace ArchGen.Architectures;

/// <summary>What encoders share: each token attends to all, the rows are the result, and a head may rank texts (arXiv:1810.04805).</summary>
[Architecture("encoder"), Default(nameof(IsCausal), "false"), Hf(nameof(IsCausal), "false")]
public abstract partial class Encoder : DecoderModel, IRankerSizes
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd, Embd", Bias = Bias.Optional)] public partial Linear? Cls { get; }
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker), Bias = Bias.Optional)] public partial Linear ClsOutput { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Block> Layers { get; }

    protected override Tensor Rank(Tensor row) => ClsOutput.Of(Cls is null ? row : Activate(Cls.Of(row)));

    /// <summary>What the ranking head does between its two matrices: [1, Embd] -> [1, Embd].</summary>
    protected virtual Tensor Activate(Tensor row) => Tanh(row);
}
