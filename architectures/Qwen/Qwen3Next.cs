namespace ArchGen.Architectures;

/// <summary>Qwen3-Next: three layers of gated delta nets to each gated attention, small experts beside a shared one (arXiv:2412.06464, Qwen 2025).</summary>
[Architecture("qwen3next", Rope = RopeKind.HalfSplit,
    IgnoredScales = "blk.*.ssm_*|blk.*.attn_qkv|blk.*.attn_gate|blk.*.ffn_gate_inp*|blk.*.ffn_gate_up_exps")]
[Quantization(Plain = "blk.*.ssm_in.weight")]
[HuggingFace("Qwen3NextForCausalLM"), ConfigIs("hidden_act", "silu"), ConfigIs("norm_topk_prob", "true"), ConfigIs("decoder_sparse_step", "1")]
[ConfigIs("mlp_only_layers", "none"), Hf(nameof(RopeDims), "head_dim*partial_rotary_factor"), Default(nameof(ExpertFf), "Ff/ExpertsUsed")]
[IgnoredWeights("mtp.*", "they predict further tokens")]
[IgnoredTensors("blk.*.attn_?.bias", "no published model has them; llama.cpp leaves them out")]
[ConfigDefaults("vocab_size=151936|hidden_size=2048|intermediate_size=5632|num_hidden_layers=48|num_attention_heads=16|num_key_value_heads=2"
    + "|max_position_embeddings=32768|rms_norm_eps=1e-6|head_dim=256|linear_conv_kernel_dim=4|linear_key_head_dim=128|linear_value_head_dim=128"
    + "|linear_num_key_heads=16|linear_num_value_heads=32|moe_intermediate_size=512|shared_expert_intermediate_size=512|num_experts_per_tok=10"
    + "|num_experts=512|rope_theta=10000|partial_rotary_factor=0.25|full_attention_interval=4")]
public partial class Qwen3Next : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm", From = nameof(OnePlus))] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = "BlockCount - PredictLayers", Unused = nameof(PredictLayers))]
    public partial BlockList<Layer> Layers { get; }

    [HyperParameter("nextn_predict_layers", Default = "0")] public partial int PredictLayers { get; }
    [HyperParameter("full_attention_interval", Hf = "layer_types|full_attention_interval", Values = "linear_attention=1|full_attention=0",
        Default = "4")]
    public partial LayerPattern IsRecurrent { get; }
    [HyperParameter("ssm.conv_kernel", Hf = "linear_conv_kernel_dim")] public partial int ConvKernel { get; }
    [HyperParameter("ssm.state_size", Hf = "linear_key_head_dim")] public partial int KeyDim { get; }
    [HyperParameter("ssm.group_count", Hf = "linear_num_key_heads")] public partial int KeyHeads { get; }
    [HyperParameter("ssm.time_step_rank", Hf = "linear_num_value_heads")] public partial int ValueHeads { get; }
    [HyperParameter("ssm.inner_size", Hf = "linear_value_head_dim*linear_num_value_heads")] public partial int Inner { get; }
    [HyperParameter("expert_shared_feed_forward_length", Hf = "shared_expert_intermediate_size", Default = "Ff")] public partial int SharedFf { get; }

    public int ConvWidth => (2 * KeyHeads * KeyDim) + Inner;

    // The checkpoint has for each key head its query, its key, and the values and gates of its value heads.
    private Weights QueryKeyValue(Weights qkvz) =>
        Weights.Stacked(
            qkvz.OfEachGroup(KeyHeads, 0, KeyDim),
            qkvz.OfEachGroup(KeyHeads, KeyDim, KeyDim),
            qkvz.OfEachGroup(KeyHeads, 2 * KeyDim, Inner / KeyHeads));

    private Weights Gate(Weights qkvz) => qkvz.OfEachGroup(KeyHeads, (2 * KeyDim) + (Inner / KeyHeads), Inner / KeyHeads);

    public abstract partial class Layer : Block, IGatedExperts, ISharedExpert
    {
        [Tensor("Embd", Hf = "input_layernorm", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostAttentionNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += Mix(AttnNorm.Of(x));
            var h = PostAttentionNorm.Of(x);
            return x + (Mixture(h) + Moe.GatedExpert(h, FfnGateInpShexp, FfnGateShexp, FfnUpShexp, FfnDownShexp));
        }

        /// <summary>The mixer of tokens: attention or the delta rule.</summary>
        protected abstract Tensor Mix(Tensor h);

        private Tensor Mixture(Tensor h)
        {
            var (chosen, weights) = Moe.Best(Softmax(FfnGateInp.Of(h)), ExpertsUsed);
            return WeightedSum(FfnDownExps.Of(Moe.SwiGlu(h, chosen, FfnGateUpExps, FfnGateExps, FfnUpExps, ExpertFf), chosen), weights);
        }
    }

    [When(nameof(IsRecurrent))]
    public partial class DeltaLayer : Layer
    {
        [Tensor("ConvWidth, Embd", Hf = "linear_attn.in_proj_qkvz", From = nameof(QueryKeyValue))] public partial Linear? AttnQkv { get; }
        [Tensor("Inner, Embd", Hf = "linear_attn.in_proj_qkvz", From = nameof(Gate), RequiredIf = nameof(IsSplit))] public partial Linear? AttnGate { get; }
        // The layout of older files: for each key head its query, its key, and the values and gates of its value heads.
        [Tensor("ConvWidth + Inner, Embd", RequiredIf = nameof(IsFused))] public partial Linear? SsmIn { get; }
        [Tensor("2*ValueHeads, Embd", Hf = "linear_attn.in_proj_ba")] public partial Linear SsmBa { get; }
        [Tensor("ConvWidth, ConvKernel", Hf = "linear_attn.conv1d")] public partial CausalConv SsmConv1d { get; }
        [Tensor("ValueHeads", Hf = "linear_attn.dt_bias", Name = "ssm_dt.bias")] public partial Weight SsmDt { get; }
        [Tensor("ValueHeads", Hf = "linear_attn.A_log", From = nameof(NegativeExp), Name = "ssm_a")] public partial Weight SsmA { get; }
        [Tensor("Inner/ValueHeads", Hf = "linear_attn.norm")] public partial RmsNorm SsmNorm { get; }
        [Tensor("Embd, Inner", Hf = "linear_attn.out_proj")] public partial Linear SsmOut { get; }
        [State("ConvKernel - 1, ConvWidth")] public partial State Conv { get; }
        [State("ValueHeads, Inner/ValueHeads, KeyDim")] public partial State Memory { get; }

        public bool IsSplit => AttnQkv is not null;
        public bool IsFused => !IsSplit;

        protected override Tensor Mix(Tensor h)
        {
            var (qkv, z) = Project(h);
            var (q, k, v) = Silu(SsmConv1d.Of(qkv, Conv)).Split(KeyHeads * KeyDim, KeyHeads * KeyDim, Inner);
            var (b, a) = SsmBa.Of(h).Heads(KeyHeads).Split(ValueHeads / KeyHeads, ValueHeads / KeyHeads);
            var query = L2Norm(q.Heads(KeyHeads), 1e-6f) * (1 / Sqrt(KeyDim));
            var key = L2Norm(k.Heads(KeyHeads), 1e-6f);
            var decay = Softplus(a.Flatten() + SsmDt) * SsmA;
            var y = GatedDeltaRule(query, key, v.Heads(ValueHeads), decay, Sigmoid(b.Flatten()), Memory);
            return SsmOut.Of((SsmNorm.Of(y) * Silu(z.Heads(ValueHeads))).Flatten());
        }

        private (Tensor, Tensor) Project(Tensor h)
        {
            if (AttnQkv is not null) return (AttnQkv.Of(h), AttnGate!.Of(h));
            var (q, k, vz) = SsmIn!.Of(h).Heads(KeyHeads).Split(KeyDim, KeyDim, 2 * Inner / KeyHeads);
            var (v, z) = vz.Split(Inner / KeyHeads, Inner / KeyHeads);
            return (Concat(Concat(q.Flatten(), k.Flatten()), v.Flatten()), z.Flatten());
        }
    }

    public partial class AttentionLayer : Layer
    {
        [Tensor("Heads*2*HeadDim, Embd", Hf = "self_attn.q_proj")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj")] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj")] public partial Linear AttnV { get; }
        [Tensor("HeadDim", Hf = "self_attn.q_norm", From = nameof(OnePlus))] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm", From = nameof(OnePlus))] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }

        protected override Tensor Mix(Tensor h)
        {
            var (q, gate) = AttnQ.Of(h).Heads(Heads).Split(HeadDim, HeadDim);
            var k = Rope(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
            var y = Attention(Rope(AttnQNorm.Of(q)), k, AttnV.Of(h).Heads(KvHeads), 1 / Sqrt(HeadDim));
            return AttnOutput.Of(y * Sigmoid(gate.Flatten()));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
