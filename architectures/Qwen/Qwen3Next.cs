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
    [HyperParameter("full_attention_interval", Hf = "layer_types|full_attention_interval", Values = "linear_attention=1|full_attention=0",
        Default = "4")]
    public partial LayerPattern IsRecurrent { get; }

    // The checkpoint has for each key head its query, its key, and the values and gates of its value heads.
    private Weights QueryKeyValue(Weights qkvz) =>
        Weights.Stacked(
            qkvz.OfEachGroup(KeyHeads, 0, KeyDim),
            qkvz.OfEachGroup(KeyHeads, KeyDim, KeyDim),
            qkvz.OfEachGroup(KeyHeads, 2 * KeyDim, Inner / KeyHeads));

    private Weights Gate(Weights qkvz) => qkvz.OfEachGroup(KeyHeads, (2 * KeyDim) + (Inner / KeyHeads), Inner / KeyHeads);

    public abstract partial class Layer : Block, IGatedExperts, ISharedExpert
    {
        [Tensor("Embd", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostAttentionNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += Mix(AttnNorm.Of(x));
            var h = PostAttentionNorm.Of(x);
            return x + (Mixture.Of(this, h) + SharedExperts.Of(this, h));
        }

        /// <summary>The mixer of tokens: attention or the delta rule.</summary>
        protected abstract Tensor Mix(Tensor h);
    }

    [When(nameof(IsRecurrent))]
    public partial class DeltaLayer : Layer, IDeltaNet
    {
        protected override Tensor Mix(Tensor h) => DeltaNet.Of(this, h);
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
[HuggingFace("Qwen3NextForCausalLM"), Hf(nameof(RopeDims), "head_dim*partial_rotary_factor")]
[Hf(nameof(IDeltaNet.AttnQkv), "linear_attn.in_proj_qkvz", From = nameof(QueryKeyValue))]
[Hf(nameof(IDeltaNet.AttnGate), "linear_attn.in_proj_qkvz", From = nameof(Gate))]
[ConfigIs("norm_topk_prob", "true"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none")]
[IgnoredWeights("mtp.*", "they predict further tokens")]
public partial class Qwen3Next;
