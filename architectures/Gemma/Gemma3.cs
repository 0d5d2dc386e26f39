namespace ArchGen.Architectures;

/// <summary>Gemma 3: norms before and after each part, five sliding layers to each full one, each with its own RoPE base (arXiv:2503.19786).</summary>
[Architecture("gemma3"), Default(nameof(IWindowRope.SlidingFreqBase), "10000")]
public partial class Gemma3 : PostNormGemma
{
    public partial class QkNormLayer : GemmaLayer, IQkNorm, IWindowRope
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, Rotary with { FreqBase = FreqBase, IsScaled = !IsSliding }, AttentionScale, Window);
    }
}

// Checkpoints.
[HuggingFace("Gemma3ForCausalLM"), TextOf("Gemma3ForConditionalGeneration")]
[Hf(nameof(RopeFreqBase), "rope_theta"), Hf(nameof(IWindowRope.SlidingFreqBase), "rope_local_base_freq"), ConfigIs("use_bidirectional_attention", "false")]
[HfFrom(nameof(OnePlus), nameof(IQkNorm.AttnQNorm), nameof(IQkNorm.AttnKNorm))]
public partial class Gemma3;
