namespace ArchGen.Architectures;

/// <summary>Phi-3 and Phi-4: Llama with fused matrices, long RoPE by two sets of factors, and a window (arXiv:2404.14219).</summary>
[Architecture("phi3", Rope = RopeKind.HalfSplit)]
public partial class Phi3 : Decoder
{
    [HyperParameter("rope.scaling.original_context_length",
        Hf = "original_max_position_embeddings|rope_parameters.original_max_position_embeddings|rope_scaling.original_max_position_embeddings", Default = "0")]
    public partial int OriginalContext { get; }

    public partial class Layer : PreNormLayer, IAnyAttention, IPackedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, ByLength, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);

        private RotaryEmbedding ByLength => Rotary with { LongFactors = RopeFactorsLong, ShortFactors = RopeFactorsShort, OriginalContext = OriginalContext };
    }
}

// Checkpoints.
[HuggingFace("Phi3ForCausalLM"), Hf(nameof(RopeFreqBase), "rope_theta|10000.0")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads")]
public partial class Phi3;
