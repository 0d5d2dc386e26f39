namespace ArchGen.Architectures;

/// <summary>Hunyuan, dense: Llama with a norm on each head after its rotation, whose base grows with the length (Tencent 2025).</summary>
[Architecture("hunyuan-dense", Rope = RopeKind.HalfSplit)]
public partial class HunyuanDense : Decoder
{
    [HyperParameter("rope.scaling.alpha", Default = "0")] public partial float RopeAlpha { get; }

    // NTK-aware scaling; files of the dense models have the scaled base.
    public float FreqBase => RopeAlpha > 0 ? RopeFreqBase * MathF.Pow(RopeAlpha, HeadDim / (HeadDim - 2f)) : RopeFreqBase;

    public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.NormedLast(this, h, x => Rope(x, freqBase: FreqBase), 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("HunYuanDenseV1ForCausalLM")]
[Hf(nameof(Layer.AttnQNorm), "self_attn.query_layernorm"), Hf(nameof(Layer.AttnKNorm), "self_attn.key_layernorm")]
public partial class HunyuanDense;
