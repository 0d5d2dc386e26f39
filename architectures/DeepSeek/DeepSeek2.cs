namespace ArchGen.Architectures;

/// <summary>DeepSeek V2 and V3: multi-head latent attention, and fine-grained experts beside shared ones (arXiv:2405.04434, arXiv:2412.19437).</summary>
[Architecture("deepseek2", Rope = RopeKind.Interleaved)]
public partial class DeepSeek2 : Decoder
{
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
    [HyperParameter("expert_weights_norm", Hf = "set(norm_topk_prob)", Default = "false")] public partial bool NormalizeWeights { get; }
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
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*KeyDim, Embd", RequiredIf = nameof(HasFullQuery))] public partial Linear? AttnQ { get; }
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
        [Tensor("Embd, Heads*ValueDim")] public partial Linear AttnOutput { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }

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
}

// Checkpoints.
[HuggingFace("DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", Rope = RopeKind.Interleaved)]
[Hf(nameof(HeadDim), "kv_lora_rank + qk_rope_head_dim"), Hf(nameof(RopeDims), "qk_rope_head_dim"), Hf(nameof(KvHeads), "1")]
[ConfigIs("moe_layer_freq", "1"), ConfigIs("rope_interleave", "true")]
[IgnoredConfig("qk_head_dim|head_dim|topk_method|num_nextn_predict_layers|num_mtp_layers|num_key_value_heads", "they follow from others")]
public partial class DeepSeek2;
