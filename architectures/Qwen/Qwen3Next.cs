namespace ArchGen.Architectures;

/// <summary>Qwen3-Next: three layers of gated delta nets to each gated attention, small experts beside a shared one (arXiv:2412.06464, Qwen 2025).</summary>
[Architecture("qwen3next", Rope = RopeKind.HalfSplit), Default(nameof(IExpertSizes.ExpertFf), "Ff/ExpertsUsed")]
public partial class Qwen3Next : DraftingDecoder
{
    [HyperParameter("full_attention_interval", Hf = "layer_types|full_attention_interval", Values = "linear_attention=1|full_attention=0", Default = "4")]
    public partial LayerPattern IsRecurrent { get; }

    [Blocks("blk.{i}", First = "BlockCount - PredictLayers", Count = nameof(PredictLayers), Optional = true)]
    public partial BlockList<PredictLayer> Predictors { get; }

    public abstract partial class Layer : PostAttentionNormLayer, IGatedExperts, ISharedExpert
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h) + SharedExperts.Of(this, h);
    }

    [When(nameof(IsRecurrent))]
    public partial class DeltaLayer : Layer, IDeltaNet
    {
        protected override Tensor Attend(Tensor h) => DeltaNet.Of(this, h);
    }

    public partial class AttentionLayer : Layer, IGatedAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
    }

    public partial class PredictLayer : AttentionLayer, IPredictor
    {
        public Tensor Predict(Tokens tokens, Tensor hidden) => Predictor.Of(this, tokens, hidden, Forward);
    }

    public override Tensor Draft(Tokens tokens, Tensor hidden) => Predictors[0].Predict(tokens, hidden);
}

// Checkpoints; all norms but that of the delta net multiply by 1 + w.
[HuggingFace("Qwen3NextForCausalLM"), Hf(nameof(RopeDims), "head_dim*partial_rotary_factor")]
[HfFrom(nameof(OnePlus), nameof(OutputNorm), nameof(Layer.AttnNorm), nameof(Layer.PostAttentionNorm), nameof(IQkNorm.AttnQNorm), nameof(IQkNorm.AttnKNorm))]
[Hf(nameof(IDeltaNet.AttnQkv), "linear_attn.in_proj_qkvz", From = nameof(QueryKeyValue))]
[Hf(nameof(IDeltaNet.AttnGate), "linear_attn.in_proj_qkvz", From = nameof(Gate))]
[ConfigIs("norm_topk_prob", "true"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none")]
[IgnoredWeights("mtp.*", "they predict further tokens")]
public partial class Qwen3Next
{
    // The checkpoint has for each key head its query, its key, and the values and gates of its value heads.
    private Weights QueryKeyValue(Weights qkvz) =>
        Weights.Stacked(OfKeyHeads(qkvz, 0, KeyDim), OfKeyHeads(qkvz, KeyDim, KeyDim), OfKeyHeads(qkvz, 2 * KeyDim, Inner / KeyHeads));

    private Weights Gate(Weights qkvz) => OfKeyHeads(qkvz, (2 * KeyDim) + (Inner / KeyHeads), Inner / KeyHeads);
    private Weights OfKeyHeads(Weights qkvz, int start, int count) => qkvz.OfEachGroup(KeyHeads, start, count);
}
