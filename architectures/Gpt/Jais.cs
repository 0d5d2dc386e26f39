namespace ArchGen.Architectures;

/// <summary>Jais: GPT-2 with ALiBi in place of positions, a gate by SiLU, and scores scaled by 1/d (arXiv:2308.16149, arXiv:2203.03466).</summary>
[Architecture("jais", Rope = RopeKind.None), Names(typeof(Gpt2Names))]
public partial class Jais : LayerNormDecoder
{
    [HyperParameter("attention.max_alibi_bias")] public partial float AlibiBias { get; }

    public partial class Layer : LayerNormLayer, IPackedAttention, IBiasedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Alibi(this, h, 1f / HeadDim, AlibiBias);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("JAISLMHeadModel"), ConfigIs("activation_function", "swiglu"), ConfigIs("position_embedding_type", "alibi")]
[ConfigIs("mup_scale_qk_dot_by_d|scale_qk_dot_by_d", "true"), HfTensor(nameof(AlibiBias), "transformer.relative_pe.slopes", From = nameof(LargestBias))]
[Hf(nameof(TokenEmbd), "transformer.wte", From = nameof(ScaledEmbedding)), Hf(nameof(Output), "lm_head|transformer.wte", From = nameof(ScaledOutput))]
[IgnoredWeights("*.attn.bias", "the causal mask"), Hf(nameof(Layer.FfnGate), "mlp.c_fc2")]
[HfFrom(nameof(Transposed), nameof(Layer.AttnQkv), nameof(Layer.AttnOutput), nameof(Layer.FfnGate), nameof(Layer.FfnUp), nameof(Layer.FfnDown))]
[IgnoredConfig("mup_embeddings_scale|embeddings_scale|mup_output_alpha|mup_width_scale|width_scale", "the matrices of the file have them")]
public partial class Jais
{
    // Multipliers of maximal update parametrization, which the file has in its matrices.
    private Weights ScaledEmbedding(Weights rows) => rows.Times((float)(Config.Number("mup_embeddings_scale") ?? Config.Number("embeddings_scale") ?? 1));
    private Weights ScaledOutput(Weights rows) => rows.Times((float)OutputScale);

    private double OutputScale => Config.Number("mup_width_scale") * (Config.Number("mup_output_alpha") ?? 1) ?? Config.Number("width_scale") ?? 1;

    // The first slope is 2^(-bias/heads), of as many heads as the largest power of two.
    protected static Weights LargestBias(Weights slopes)
    {
        var heads = (float)Math.Pow(2, Math.Floor(Math.Log2(slopes.Shape[0])));
        return slopes.Rows(0, 1).Mapped(slope => -MathF.Round(MathF.Log2(slope) * heads), "the largest bias");
    }
}
