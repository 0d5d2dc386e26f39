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

    public partial class Layer : Block, IAttention, IMixture
    {
        [Tensor("Embd", Hf = "rms_norm|pre_attn_norm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "rms_norm_1|post_attn_norm")] public partial RmsNorm AttnOutputNorm { get; }
        [Tensor("Embd", Hf = "rms_norm_2|pre_moe_norm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd")] public partial Linear? FfnGate { get; }
        [Tensor("Ff, Embd", RequiredIf = nameof(HasDense))] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", RequiredIf = nameof(HasDense))] public partial Linear FfnDown { get; }
        [Tensor("Embd", Hf = "rms_norm_3|post_moe_norm")] public partial RmsNorm? LayerOutputNorm { get; }
        [Tensor("Embd", InsteadOf = nameof(LayerOutputNorm))] public partial RmsNorm PostFfwNorm { get; }

        public bool HasDense => FfnGate is not null;

        public Tensor Forward(Tensor x)
        {
            x += AttnOutputNorm.Of(SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q), AttentionScale, softcap: AttentionSoftcap));
            var h = FfnNorm.Of(x);
            var y = Mixture.Of(this, h, GeluTanh);
            if (FfnGate is not null) y = (y + FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h))) * Sqrt(0.5f);
            return x + (LayerOutputNorm?.Of(y) ?? PostFfwNorm.Of(y));
        }
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => Softcap.Of(base.Logits(x) * LogitScale, LogitSoftcap);
}

// Checkpoints.
[HuggingFace("Grok1ForCausalLM", "GrokForCausalLM"), Hf(nameof(Layers), "transformer.decoder_layer.{i}|model.layers.{i}")]
[Hf(nameof(TokenEmbd), "transformer.in_out_embed|model.embed_tokens"), Hf(nameof(OutputNorm), "transformer.rms_norm|model.norm")]
[Hf(nameof(Layer.AttnQ), "multi_head_attention.query|self_attn.q_proj"), Hf(nameof(Layer.AttnK), "multi_head_attention.key|self_attn.k_proj")]
[Hf(nameof(Layer.AttnV), "multi_head_attention.value|self_attn.v_proj"), Hf(nameof(Layer.AttnOutput), "multi_head_attention.linear|self_attn.o_proj")]
[Hf(nameof(Layer.FfnGateInp), "router|block_sparse_moe.gate"), Hf(nameof(Layer.FfnGateExps), "moe.{e}.linear|block_sparse_moe.experts.{e}.w1")]
[Hf(nameof(Layer.FfnUpExps), "moe.{e}.linear_v|block_sparse_moe.experts.{e}.w3")]
[Hf(nameof(Layer.FfnDownExps), "moe.{e}.linear_1|block_sparse_moe.experts.{e}.w2")]
[IgnoredConfig("residual_moe", "the tensors tell"), IgnoredConfig("hidden_act", "Grok computes GELU, whatever its config says")]
public partial class Grok;
