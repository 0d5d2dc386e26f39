namespace ArchGen.Architectures;

/// <summary>Nemotron-4 and Minitron: layer norms, a part of each head rotated, squared ReLU (arXiv:2402.16819, arXiv:2407.14679).</summary>
[Architecture("nemotron", Rope = RopeKind.HalfSplit)]
public partial class Nemotron : LayerNormDecoder
{
    public partial class Layer : LayerNormLayer, IAttention, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, ReluSquared);
    }
}

// Checkpoints; their norms multiply by 1 + w.
[HuggingFace("NemotronForCausalLM"), Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads")]
[Hf(nameof(OutputNorm), "model.norm", From = nameof(OnePlus)), Hf(nameof(Layer.AttnNorm), "input_layernorm", From = nameof(OnePlus))]
[Hf(nameof(Layer.FfnNorm), "post_attention_layernorm", From = nameof(OnePlus))]
public partial class Nemotron;
