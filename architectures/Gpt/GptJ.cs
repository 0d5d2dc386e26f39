namespace ArchGen.Architectures;

/// <summary>GPT-J: attention and feed-forward network side by side on one norm, a part of each head rotated (Wang and Komatsuzaki 2021).</summary>
[Architecture("gptj", Rope = RopeKind.Interleaved), Names(typeof(Gpt2Names))]
public partial class GptJ : LayerNormDecoder
{
    public partial class Layer : ParallelLayerNormLayer, IAttention, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, GeluTanh);
    }
}

// Checkpoints.
[HuggingFace("GPTJForCausalLM", Rope = RopeKind.Interleaved), Hf(nameof(RopeDims), "rotary_dim"), Hf(nameof(Ff), "n_inner|4*n_embd")]
[Hf(nameof(Layer.AttnQ), "attn.q_proj"), Hf(nameof(Layer.AttnK), "attn.k_proj"), Hf(nameof(Layer.AttnV), "attn.v_proj")]
[Hf(nameof(Layer.AttnOutput), "attn.out_proj"), Hf(nameof(Layer.FfnUp), "mlp.fc_in"), Hf(nameof(Layer.FfnDown), "mlp.fc_out")]
[IgnoredWeights("*.attn.bias", "the causal mask")]
public partial class GptJ;
