namespace ArchGen.Architectures;

/// <summary>Grok 1 and 2: norms before and after each part, softcapped attention, and experts, in Grok 2 beside a dense network (xAI 2024).</summary>
[Architecture("grok", Rope = RopeKind.HalfSplit)]
public partial class Grok : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "transformer.in_out_embed|model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "transformer.rms_norm|model.norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "transformer.decoder_layer.{i}|model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    // The values of Grok 1, for files made before these keys existed.
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier_scale", Default = "78.38367176906169")] public partial float EmbeddingScale { get; }
    [HyperParameter("attention.output_scale", Hf = "attn_output_multiplier", Default = "0.08838834764831845")] public partial float AttentionScale { get; }
    [HyperParameter("attn_logit_softcapping", Hf = "max_attn_value|attn_logit_softcapping", Default = "30")] public partial float AttentionSoftcap { get; }
    [HyperParameter("logit_scale", Hf = "output_multiplier_scale", Default = "0.5773502691896257")] public partial float LogitScale { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "0")] public partial float LogitSoftcap { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "rms_norm|pre_attn_norm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "multi_head_attention.query|self_attn.q_proj", Bias = Bias.Optional)] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "multi_head_attention.key|self_attn.k_proj", Bias = Bias.Optional)] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "multi_head_attention.value|self_attn.v_proj", Bias = Bias.Optional)] public partial Linear AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "multi_head_attention.linear|self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "rms_norm_1|post_attn_norm")] public partial RmsNorm AttnOutputNorm { get; }
        [Tensor("Embd", Hf = "rms_norm_2|pre_moe_norm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] public partial Linear? FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "mlp.up_proj", RequiredIf = nameof(HasDense))] public partial Linear? FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.down_proj", RequiredIf = nameof(HasDense))] public partial Linear? FfnDown { get; }
        [Tensor("ExpertCount, Embd", Hf = "router|block_sparse_moe.gate")] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "moe.{e}.linear|block_sparse_moe.experts.{e}.w1")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "moe.{e}.linear_v|block_sparse_moe.experts.{e}.w3")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, ExpertFf", Hf = "moe.{e}.linear_1|block_sparse_moe.experts.{e}.w2")] public partial Experts FfnDownExps { get; }
        [Tensor("Embd", Hf = "rms_norm_3|post_moe_norm")] public partial RmsNorm? LayerOutputNorm { get; }
        [Tensor("Embd", RequiredIf = nameof(HasPostFfwNorm))] public partial RmsNorm? PostFfwNorm { get; }

        public bool HasDense => FfnGate is not null;
        public bool HasPostFfwNorm => LayerOutputNorm is null;

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutputNorm.Of(AttnOutput.Of(Attention(q, k, v, AttentionScale, softcap: AttentionSoftcap)));

            h = FfnNorm.Of(x);
            var y = Mixture(h);
            if (HasDense) y = (y + FfnDown!.Of(GeluTanh(FfnGate!.Of(h)) * FfnUp!.Of(h))) * Sqrt(0.5f);
            return x + (LayerOutputNorm?.Of(y) ?? PostFfwNorm!.Of(y));
        }

        private Tensor Mixture(Tensor h)
        {
            var (chosen, weights) = Router.Best(Softmax(FfnGateInp.Of(h)), ExpertsUsed);
            var gated = GeluTanh(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen);
            return WeightedSum(FfnDownExps.Of(gated, chosen), weights);
        }
    }

    public override Tensor Forward(Tokens tokens) =>
        Softcap.Of(Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens) * EmbeddingScale))) * LogitScale, LogitSoftcap);
}

// Checkpoints.
[HuggingFace("Grok1ForCausalLM", "GrokForCausalLM"), IgnoredConfig("residual_moe", "the tensors tell")]
[IgnoredConfig("hidden_act", "Grok computes GELU, whatever its config says")]
public partial class Grok;
