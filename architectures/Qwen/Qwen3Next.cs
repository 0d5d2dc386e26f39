namespace ArchGen.Architectures;

/// <summary>Qwen3-Next: three layers of gated delta nets to each gated attention, small experts beside a shared one (arXiv:2412.06464, Qwen 2025).</summary>
[Architecture("qwen3next", Rope = RopeKind.HalfSplit), Names(typeof(LlamaNames)), Default(nameof(ExpertFf), "Ff/ExpertsUsed")]
public partial class Qwen3Next : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", From = nameof(OnePlus))] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Count = "BlockCount - PredictLayers", Unused = nameof(PredictLayers))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("nextn_predict_layers", Default = "0")] public partial int PredictLayers { get; }
    [HyperParameter("full_attention_interval", Hf = "period(layer_types, full_attention)|full_attention_interval", Default = "4")]
    public partial int AttentionInterval { get; }
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

    public bool IsRecurrent(int layer) => (layer + 1) % AttentionInterval != 0;

    public abstract partial class Layer : Block, IGatedExperts, ISharedExpert
    {
        [Tensor("Embd", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
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
        [Tensor("Heads*2*HeadDim, Embd")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd")] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd")] public partial Linear AttnV { get; }
        [Tensor("HeadDim", From = nameof(OnePlus))] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", From = nameof(OnePlus))] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }

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

// Checkpoints.
[HuggingFace("Qwen3NextForCausalLM")]
[Hf(nameof(RopeDims), "head_dim*partial_rotary_factor")]
[ConfigIs("norm_topk_prob", "true"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none")]
[IgnoredWeights("mtp.*", "they predict further tokens")]
public partial class Qwen3Next;
