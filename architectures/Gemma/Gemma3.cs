namespace ArchGen.Architectures;

/// <summary>Gemma 3: norms before and after each part, five sliding layers to each full one, each with its own RoPE base (arXiv:2503.19786).</summary>
[Architecture("gemma3")]
public partial class Gemma3 : PostNormGemma
{
    [HyperParameter("rope.freq_base_swa", Hf = "rope_local_base_freq", Default = "10000")] public partial float SlidingFreqBase { get; }

    public partial class QkNormLayer : GemmaLayer, IQkNorm
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Position, AttentionScale, Window);

        protected Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, scaled: !IsSliding);
    }
}

// Checkpoints.
[HuggingFace("Gemma3ForCausalLM"), TextOf("Gemma3ForConditionalGeneration")]
[Hf(nameof(RopeFreqBase), "rope_theta"), ConfigIs("use_bidirectional_attention", "false")]
[HfFrom(nameof(OnePlus), nameof(IQkNorm.AttnQNorm), nameof(IQkNorm.AttnKNorm))]
public partial class Gemma3;
