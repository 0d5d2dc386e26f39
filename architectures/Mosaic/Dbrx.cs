namespace ArchGen.Architectures;

/// <summary>DBRX: layer norms without bias, clipped queries, keys and values, and a choice of sixteen experts (Databricks 2024).</summary>
[Architecture("dbrx", Rope = RopeKind.HalfSplit)]
public partial class Dbrx : Mosaic
{
    [Tensor("Embd", Hf = "transformer.norm_f")] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head")] public partial Linear Output { get; }

    private Weights ByExpert(Weights experts) => experts.Reshaped(ExpertCount, Ff, Embd);
    private Weights ByExpertTransposed(Weights experts) => ByExpert(experts).Transposed();

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "norm_attn_norm.norm_1")] public partial LayerNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "norm_attn_norm.attn.Wqkv")] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "norm_attn_norm.attn.out_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "norm_attn_norm.norm_2")] public partial LayerNorm AttnOutputNorm { get; }
        [Tensor("ExpertCount, Embd", Hf = "ffn.router.layer")] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "ffn.experts.mlp.w1", From = nameof(ByExpert), HfEndings = "")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "ffn.experts.mlp.v1", From = nameof(ByExpert), HfEndings = "")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, Ff", Hf = "ffn.experts.mlp.w2", From = nameof(ByExpertTransposed), HfEndings = "")]
        public partial Experts FfnDownExps { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = Qkv.Clipped(AttnQkv.Of(AttnNorm.Of(x)), ClampQkv, Heads * HeadDim, KvHeads * HeadDim);
            x += AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(KvHeads)), v.Heads(KvHeads), 1 / Sqrt(HeadDim)));
            return x + Mixture(AttnOutputNorm.Of(x));
        }

        private Tensor Mixture(Tensor h)
        {
            var (chosen, weights) = Router.Best(Softmax(FfnGateInp.Of(h)), ExpertsUsed);
            return WeightedSum(FfnDownExps.Of(Moe.SwiGlu(h, chosen, FfnGateExps, FfnUpExps), chosen), weights);
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}

// Checkpoints.
[HuggingFace("DbrxForCausalLM")]
[Hf(nameof(ExpertCount), "ffn_config.moe_num_experts"), Hf(nameof(ExpertsUsed), "ffn_config.moe_top_k"), Hf(nameof(Ff), "ffn_config.ffn_hidden_size")]
[Hf(nameof(LayerNormEpsilon), "0.00001"), Hf(nameof(RopeFreqBase), "attn_config.rope_theta|rope_theta")]
[ConfigIs("ffn_config.ffn_act_fn.name", "silu"), ConfigIs("ffn_config.moe_normalize_expert_weights", "1")]
[IgnoredConfig("ffn_config.hidden_size|num_key_value_heads", "others say the same")]
public partial class Dbrx;
