namespace ArchGen.Architectures;

/// <summary>What decoders with transformers' usual module names share: an embedding and layers.</summary>
[Architecture("decoder")]
public abstract partial class Decoder : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("RopeDims/2", Name = "rope_freqs.weight")] public partial Weight? RopeFreqs { get; }
    [Tensor("RopeDims/2", Name = "rope_factors_long.weight")] public partial Weight? RopeFactorsLong { get; }
    [Tensor("RopeDims/2", Name = "rope_factors_short.weight")] public partial Weight? RopeFactorsShort { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Block> Layers { get; }

    /// <summary>A layer with separate matrices for queries, keys and values.</summary>
    public abstract partial class DecoderLayer : Block
    {
        [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj", Bias = Bias.Optional)] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj", Bias = Bias.Optional)] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj", Bias = Bias.Optional)] public partial Linear AttnV { get; }

        /// <summary>Divisors of the rotary frequencies, if the file has any: Llama 3's, or long RoPE's for the length of the run (arXiv:2402.13753).</summary>
        protected Weight? Factors(Tensor x) => RopeFreqs ?? (x.SequenceLength > RopeScaling.OriginalContext ? RopeFactorsLong : RopeFactorsShort);
    }

    /// <summary>Such a layer with a gated feed-forward network (arXiv:2002.05202).</summary>
    public abstract partial class GatedLayer : DecoderLayer, IGatedFeedForward;
}
