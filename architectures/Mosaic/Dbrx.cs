namespace ArchGen.Architectures;

/// <summary>DBRX: layer norms without bias, clipped queries, keys and values, and a choice of sixteen experts (Databricks 2024).</summary>
[Architecture("dbrx", Rope = RopeKind.HalfSplit), Names(typeof(MosaicNames)), Untied(nameof(Output))]
public partial class Dbrx : LayerNormDecoder
{
    [Tensor("Embd")] public new partial LayerNorm OutputNorm { get; }

    public partial class Layer : Block, IClippedAttention, IMixture
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd")] public partial LayerNorm AttnOutputNorm { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "ffn.experts.mlp.w1", From = nameof(ByExpert), HfEndings = "")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "ffn.experts.mlp.v1", From = nameof(ByExpert), HfEndings = "")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, Ff", Hf = "ffn.experts.mlp.w2", From = nameof(Columns), HfEndings = "")] public partial Experts FfnDownExps { get; }

        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm.Of(x), Rotary, 1 / Sqrt(HeadDim));
            return x + Mixture.Of(this, AttnOutputNorm.Of(x));
        }
    }
}

// Checkpoints.
[HuggingFace("DbrxForCausalLM"), Hf(nameof(KvHeads), "attn_config.kv_n_heads"), Hf(nameof(Ff), "ffn_config.ffn_hidden_size")]
[Hf(nameof(IExpertSizes.ExpertCount), "ffn_config.moe_num_experts"), Hf(nameof(IExpertSizes.ExpertsUsed), "ffn_config.moe_top_k")]
[Hf(nameof(LayerNormEpsilon), "0.00001"), Hf(nameof(RopeFreqBase), "attn_config.rope_theta|rope_theta")]
[ConfigIs("ffn_config.ffn_act_fn.name", "silu"), ConfigIs("ffn_config.moe_normalize_expert_weights", "1")]
[IgnoredConfig("ffn_config.hidden_size|num_key_value_heads", "others say the same")]
public partial class Dbrx
{
    private Weights ByExpert(Weights experts) => experts.Reshaped(ExpertCount, Ff, Embd);
    private Weights Columns(Weights experts) => ByExpert(experts).Transposed();
}
