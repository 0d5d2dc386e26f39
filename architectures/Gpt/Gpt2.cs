namespace ArchGen.Architectures;

/// <summary>GPT-2: pre-norm decoder with learned positions, layer norms and biases (Radford et al. 2019).</summary>
[Architecture("gpt2", Rope = RopeKind.None), Names(typeof(Gpt2Names))]
public partial class Gpt2 : LayerNormDecoder
{
    [Tensor("ContextLength, Embd")] public partial Embedding PositionEmbd { get; }

    public virtual float AlibiBias => 0;

    public partial class Layer : LayerNormLayer, IBiasedPackedAttention, IBiasedPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Alibi(this, h, 1 / Sqrt(HeadDim), AlibiBias);
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, GeluTanh);
    }

    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + PositionEmbd.Of(tokens.Positions);
}

// Checkpoints.
[HuggingFace("GPT2LMHeadModel", "GPT2Model")]
[HfFrom(nameof(Transposed), nameof(Layer.AttnQkv), nameof(Layer.AttnOutput), nameof(Layer.FfnUp), nameof(Layer.FfnDown))]
[Hf(nameof(Ff), "n_inner|4*n_embd|4*hidden_size"), Hf(nameof(ContextLength), "n_positions|max_position_embeddings")]
[ConfigIs("scale_attn_weights", "true"), ConfigIs("scale_attn_by_inverse_layer_idx", "false"), IgnoredConfig("n_ctx", "n_positions says it")]
[IgnoredWeights("*.attn.bias|*.attn.masked_bias", "the causal mask")]
public partial class Gpt2;
