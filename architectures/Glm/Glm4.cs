namespace ArchGen.Architectures;

/// <summary>GLM-4-0414, GLM-Z1 and the text model of GLM-4V: ChatGLM with norms after attention and the feed-forward network too (arXiv:2507.01006).</summary>
[Architecture("glm4", Rope = RopeKind.Interleaved)]
public partial class Glm4 : PredictingDecoder
{
    [HyperParameter("rope.dimension_sections", Default = "0")] public partial PerLayer<int> Sections { get; }

    // Positions in time, height and width; files that have them pair elements half a head apart.
    public bool HasSections => Sections[0] > 0;

    public partial class Layer : SandwichLayer, IAnyAttention, IPackedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
        protected override RotaryEmbedding Rotary => base.Rotary with { Kind = HasSections ? RopeKind.HalfSplit : RopeKind.Interleaved };
    }
}

// Checkpoints.
[HuggingFace("Glm4ForCausalLM", Rope = RopeKind.Interleaved), Hf(nameof(IPostNorm.PostFfwNorm), "post_mlp_layernorm")]
[Hf(nameof(RopeDims), "partial_rotary_factor*head_dim|partial_rotary_factor*hidden_size/num_attention_heads")]
[Hf(nameof(IPostNorm.PostAttentionNorm), "post_self_attn_layernorm"), Hf(nameof(Layer.FfnNorm), "post_attention_layernorm")]
public partial class Glm4;
