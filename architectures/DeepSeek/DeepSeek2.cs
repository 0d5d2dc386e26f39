namespace ArchGen.Architectures;

/// <summary>DeepSeek V2 and V3: multi-head latent attention, and fine-grained experts beside shared ones (arXiv:2405.04434, arXiv:2412.19437).</summary>
[Architecture("deepseek2", Rope = RopeKind.Interleaved, IgnoredScales = "output|blk.*.attn_q*|blk.*.attn_kv*|blk.*.ffn_*")]
[Quantization(Plain = "blk.*.attn_q_b.weight|blk.*.attn_kv_a_mqa.weight")]
[HuggingFace("DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", Rope = RopeKind.Interleaved), ConfigIs("hidden_act", "silu"), ConfigIs("moe_layer_freq", "1")]
[ConfigIs("rope_interleave", "true")]
[IgnoredConfig("qk_head_dim|head_dim|topk_method|num_nextn_predict_layers|num_mtp_layers|num_key_value_heads", "they follow from others")]
[Writes("vocab_size", "vocab_size"), Hf(nameof(HeadDim), "kv_lora_rank + qk_rope_head_dim"), Hf(nameof(RopeDims), "qk_rope_head_dim"), Hf(nameof(KvHeads), "1")]
[ConfigDefaults("vocab_size=32000|hidden_size=4096|intermediate_size=11008|num_hidden_layers=32|num_attention_heads=32|max_position_embeddings=2048"
    + "|rms_norm_eps=1e-6|bos_token_id=1|eos_token_id=2|first_k_dense_replace=0|kv_lora_rank=512|q_lora_rank=1536|n_routed_experts=64|n_shared_experts=2"
    + "|qk_nope_head_dim=128|qk_rope_head_dim=64|routed_scaling_factor=1|norm_topk_prob=false|v_head_dim=128|moe_intermediate_size=1407|rope_theta=10000",
    For = "DeepseekV2ForCausalLM")]
[ConfigDefaults("vocab_size=129280|hidden_size=7168|intermediate_size=18432|num_hidden_layers=61|num_attention_heads=128|max_position_embeddings=4096"
    + "|rms_norm_eps=1e-6|bos_token_id=0|eos_token_id=1|moe_intermediate_size=2048|n_shared_experts=1|n_routed_experts=256|routed_scaling_factor=2.5"
    + "|kv_lora_rank=512|q_lora_rank=1536|qk_rope_head_dim=64|v_head_dim=128|qk_nope_head_dim=128|n_group=8|topk_group=4|num_experts_per_tok=8"
    + "|first_k_dense_replace=3|norm_topk_prob=true|rope_theta=10000|scoring_func=sigmoid", For = "DeepseekV3ForCausalLM")]
public partial class DeepSeek2 : Decoder
{
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    [HyperParameter("attention.q_lora_rank", Hf = "q_lora_rank", Default = "0")] public partial int QueryRank { get; }
    [HyperParameter("attention.kv_lora_rank", Hf = "kv_lora_rank")] public partial int KvRank { get; }
    [HyperParameter("attention.value_length", Hf = "kv_lora_rank", Default = "HeadDim")] public partial int ValueLength { get; }
    [HyperParameter("attention.key_length_mla", Hf = "qk_nope_head_dim + qk_rope_head_dim", Default = "0")] public partial int KeyLengthMla { get; }
    [HyperParameter("attention.value_length_mla", Hf = "v_head_dim", Default = "0")] public partial int ValueLengthMla { get; }
    [HyperParameter("leading_dense_block_count", Hf = "first_k_dense_replace", Default = "0")] public partial int LeadingDense { get; }
    [HyperParameter("expert_shared_count", Hf = "n_shared_experts")] public partial int SharedExperts { get; }
    [HyperParameter("expert_group_count", Hf = "n_group", Default = "1")] public partial int Groups { get; }
    [HyperParameter("expert_group_used_count", Hf = "topk_group", Default = "1")] public partial int GroupsUsed { get; }
    [HyperParameter("expert_gating_func", Hf = "scoring_func", Values = "softmax=1|sigmoid=2", Default = "1")] public partial int GatingFunction { get; }
    [HyperParameter("expert_weights_norm", Hf = nameof(Normalizes), Default = "false")] public partial bool NormalizeWeights { get; }
    private static bool? Normalizes(Config config) => config.Boolean("norm_topk_prob") is true ? true : null;
    [HyperParameter("expert_weights_scale", Hf = "routed_scaling_factor", Default = "0")] public partial float WeightsScale { get; }

    // Mistral's mixtures scale queries by position.
    [HyperParameter("attention.temperature_scale", Default = "0")] public partial float TemperatureScale { get; }
    [HyperParameter("attention.temperature_length", Default = "0")] public partial int TemperatureLength { get; }

    // Files with the latent projections split by head have separate keys for the true head sizes.
    public bool IsSplit => KeyLengthMla > 0;
    public bool IsFused => !IsSplit;
    public bool HasQueryRank => QueryRank > 0;
    public bool HasFullQuery => !HasQueryRank;
    public int KeyDim => IsSplit ? KeyLengthMla : HeadDim;
    public int ValueDim => IsSplit ? ValueLengthMla : ValueLength;
    public int NopeDim => KeyDim - RopeDims;
    public bool IsSigmoid => GatingFunction == 2;
    public float YarnScale => 1 + (RopeScaling.LogMultiplier * Log(RopeScaling.Factor));

    // The checkpoint has for each head the rows of its keys, then those of its values.
    private Weights KeysByHead(Weights kv) => kv.OfEachGroup(Heads, 0, NopeDim).Reshaped(Heads, NopeDim, KvRank).Transposed();
    private Weights ValuesByHead(Weights kv) => kv.OfEachGroup(Heads, NopeDim, ValueDim).Reshaped(Heads, ValueDim, KvRank);

    public bool IsDense(int layer) => layer < LeadingDense;

    public abstract partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*KeyDim, Embd", Hf = "self_attn.q_proj", RequiredIf = nameof(HasFullQuery))] public partial Linear? AttnQ { get; }
        [Tensor("QueryRank, Embd", Hf = "self_attn.q_a_proj", RequiredIf = nameof(HasQueryRank))] public partial Linear? AttnQA { get; }
        [Tensor("QueryRank", Hf = "self_attn.q_a_layernorm", RequiredIf = nameof(HasQueryRank))] public partial RmsNorm? AttnQANorm { get; }
        [Tensor("Heads*KeyDim, QueryRank", Hf = "self_attn.q_b_proj", RequiredIf = nameof(HasQueryRank))] public partial Linear? AttnQB { get; }
        [Tensor("KvRank + RopeDims, Embd", Hf = "self_attn.kv_a_proj_with_mqa")] public partial Linear AttnKvAMqa { get; }
        [Tensor("KvRank", Hf = "self_attn.kv_a_layernorm")] public partial RmsNorm AttnKvANorm { get; }
        [Tensor("Heads, KvRank, NopeDim", Hf = "self_attn.kv_b_proj", From = nameof(KeysByHead), RequiredIf = nameof(IsSplit))]
        public partial HeadLinear? AttnKB { get; }
        [Tensor("Heads, ValueDim, KvRank", Hf = "self_attn.kv_b_proj", From = nameof(ValuesByHead), RequiredIf = nameof(IsSplit))]
        public partial HeadLinear? AttnVB { get; }
        [Tensor("Heads*(NopeDim + ValueDim), KvRank", RequiredIf = nameof(IsFused))] public partial Linear? AttnKvB { get; }
        [Tensor("Embd, Heads*ValueDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var query = HasQueryRank ? AttnQB!.Of(AttnQANorm!.Of(AttnQA!.Of(h))) : AttnQ!.Of(h);
            var (qNope, qRope) = query.Heads(Heads).Split(NopeDim, RopeDims);
            var (latent, kRope) = AttnKvAMqa.Of(h).Split(KvRank, RopeDims);
            x += AttnOutput.Of(Attend(qNope, Rope(qRope), AttnKvANorm.Of(latent), Rope(kRope.Heads(1))));
            return x + FeedForward(FfnNorm.Of(x));
        }

        protected abstract Tensor FeedForward(Tensor h);

        private Tensor Attend(Tensor qNope, Tensor qRope, Tensor latent, Tensor kRope)
        {
            var scale = YarnScale * YarnScale / Sqrt(KeyDim);
            if (IsSplit)
            {
                // The key projection moves to the query, so that the cache has only the latent vector.
                var shared = latent.Heads(1);
                var mixed = Attention(Tempered(Concat(AttnKB!.Of(qNope), qRope)), Concat(shared, kRope), shared, scale);
                return AttnVB!.Of(mixed.Heads(Heads)).Flatten();
            }

            var (kNope, v) = AttnKvB!.Of(latent).Heads(Heads).Split(NopeDim, ValueDim);
            return Attention(Tempered(Concat(qNope, qRope)), Concat(kNope, kRope.RepeatHeads(Heads)), v, scale);
        }

        private Tensor Tempered(Tensor q) => TemperatureScale == 0 ? q : Temperature(q, TemperatureScale, TemperatureLength);
    }

    [When(nameof(IsDense))]
    public partial class DenseLayer : Layer, IGatedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
    }

    public partial class MixtureLayer : Layer, IGatedExperts
    {
        [Tensor("ExpertCount", Hf = "mlp.gate.e_score_correction_bias", Name = "exp_probs_b.bias")] public partial Weight? ExpProbsB { get; }
        [Tensor("SharedExperts*ExpertFf, Embd", Hf = "mlp.shared_experts.gate_proj")] public partial Linear FfnGateShexp { get; }
        [Tensor("SharedExperts*ExpertFf, Embd", Hf = "mlp.shared_experts.up_proj")] public partial Linear FfnUpShexp { get; }
        [Tensor("Embd, SharedExperts*ExpertFf", Hf = "mlp.shared_experts.down_proj")] public partial Linear FfnDownShexp { get; }

        protected override Tensor FeedForward(Tensor h)
        {
            var logits = FfnGateInp.Of(h);
            var scores = IsSigmoid ? Sigmoid(logits) : Softmax(logits);
            var ranking = ExpProbsB is null ? scores : scores + ExpProbsB;
            // V3 ranks a group by its two best experts, V2 by its best.
            if (Groups > 1) ranking = TopGroups(ranking, Groups, GroupsUsed, IsSigmoid ? 2 : 1);
            var chosen = TopK(ranking, ExpertsUsed);
            var weights = Gather(scores, chosen);
            if (NormalizeWeights) weights = weights / Sum(weights);
            if (WeightsScale != 0) weights = weights * WeightsScale;
            var shared = FfnDownShexp.Of(Silu(FfnGateShexp.Of(h)) * FfnUpShexp.Of(h));
            return WeightedSum(FfnDownExps.Of(Moe.SwiGlu(h, chosen, FfnGateUpExps, FfnGateExps, FfnUpExps, ExpertFf), chosen), weights) + shared;
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
