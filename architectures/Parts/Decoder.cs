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

    /// <summary>A layer whose parts each have a norm before them (arXiv:2002.04745).</summary>
    public abstract partial class PreNormLayer : JoinedLayer
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(FfnNorm.Of(x));
        }
    }

    /// <summary>A layer with a norm after each part, on what it adds (arXiv:2501.00656).</summary>
    public abstract partial class PostNormLayer : JoinedLayer, IPostNorm
    {
        public Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(Attend(x));
            return x + PostFfwNorm.Of(FeedForward(x));
        }
    }

    /// <summary>A layer with a norm before each part, and one on what it adds (arXiv:2105.13290, arXiv:2408.00118).</summary>
    public abstract partial class SandwichLayer : JoinedLayer, IPostNorm
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "pre_feedforward_layernorm")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(Attend(AttnNorm.Of(x)));
            return x + PostFfwNorm.Of(FeedForward(FfnNorm.Of(x)));
        }
    }

    /// <summary>A layer whose two parts read one norm, side by side (Wang and Komatsuzaki 2021).</summary>
    public abstract partial class ParallelLayer : JoinedLayer
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + Attend(h) + FeedForward(h);
        }
    }

    /// <summary>A layer of two parts: attention, or another mixer of tokens, and a feed-forward network. Both are given h [T, embd] and give as much.</summary>
    public abstract partial class JoinedLayer : Block
    {
        protected abstract Tensor Attend(Tensor h);
        protected abstract Tensor FeedForward(Tensor h);

        /// <summary>Divisors of the rotary frequencies, if the file has any: Llama 3's, or long RoPE's for the length of the run (arXiv:2402.13753).</summary>
        protected Weight? Factors(Tensor x) => RopeFreqs ?? (x.SequenceLength > RopeScaling.OriginalContext ? RopeFactorsLong : RopeFactorsShort);
    }

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
