namespace ArchGen.Architectures;

/// <summary>Grok 1 and 2: norms before and after each part, softcapped attention, and experts, in Grok 2 beside a dense network (xAI 2024).</summary>
[Architecture("grok", Rope = RopeKind.HalfSplit)]
public partial class Grok : Decoder
{
    // The values of Grok 1, for files made before these keys existed.
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier_scale", Default = "78.38367176906169")] public partial float EmbeddingScale { get; }
    [HyperParameter("attention.output_scale", Hf = "attn_output_multiplier", Default = "0.08838834764831845")] public partial float AttentionScale { get; }
    [HyperParameter("attn_logit_softcapping", Hf = "max_attn_value|attn_logit_softcapping", Default = "30")] public partial float AttentionSoftcap { get; }
    [HyperParameter("logit_scale", Hf = "output_multiplier_scale", Default = "0.5773502691896257")] public partial float LogitScale { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "0")] public partial float LogitSoftcap { get; }

    public partial class Layer : JoinedLayer, IAttention, IMixture
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd")] public partial RmsNorm AttnOutputNorm { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Embd")] public partial RmsNorm? LayerOutputNorm { get; }
        [Tensor("Embd", InsteadOf = nameof(LayerOutputNorm))] public partial RmsNorm PostFfwNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += AttnOutputNorm.Of(Attend(AttnNorm.Of(x)));
            var y = FeedForward(FfnNorm.Of(x));
            return x + (LayerOutputNorm?.Of(y) ?? PostFfwNorm.Of(y));
        }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, AttentionScale, softcap: AttentionSoftcap);
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h, GeluTanh);
    }

    [When(nameof(ResidualLayer.FfnGate))]
    public partial class ResidualLayer : Layer, IGatedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => (base.FeedForward(h) + GeGlu.Of(this, h)) * Sqrt(0.5f);
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => Softcap.Of(base.Logits(x) * LogitScale, LogitSoftcap);
}

// Checkpoints.
[HuggingFace("Grok1ForCausalLM", "GrokForCausalLM"), Names(typeof(GrokNames))]
[IgnoredConfig("residual_moe", "the tensors tell"), IgnoredConfig("hidden_act", "Grok computes GELU, whatever its config says")]
public partial class Grok;
