namespace ArchGen.Architectures;

/// <summary>
/// Llama 1 to 3, Mistral, Mixtral: pre-norm decoder, grouped-query attention, SwiGLU, dense or a mixture of experts (arXiv:2302.13971, arXiv:2401.04088).
/// </summary>
[Architecture("llama", Rope = RopeKind.Interleaved), Default(nameof(ExpertCount), "0"), Default(nameof(ExpertsUsed), "0")]
public partial class Llama : Decoder
{
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker))] public partial Linear? ClsOutput { get; }

    [HyperParameter("attention.scale", Hf = "attention_multiplier", Default = "0")] public partial float AttentionScale { get; }
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] public partial int SlidingWindow { get; }
    // Every layer has the window or none. Files that llama.cpp's converter wrote have no pattern, and their window is not applied.
    [HyperParameter("attention.sliding_window_pattern", Hf = "0*sliding_window", Unless = "1", Default = "1")]
    public partial LayerPattern SlidingPattern { get; }

    public override RankedRow RankedRow => RankedRow.Last;
    protected override Tensor Rank(Tensor row) => ClsOutput!.Of(row);

    public bool IsMixture => ExpertCount > 0;
    public bool IsDense => !IsMixture;

    public partial class Layer : DecoderLayer
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd", RequiredIf = nameof(IsDense), Bias = Bias.Optional)] public partial Linear? FfnGate { get; }
        [Tensor("Ff, Embd", RequiredIf = nameof(IsDense), Bias = Bias.Optional)] public partial Linear? FfnUp { get; }
        [Tensor("Embd, Ff", RequiredIf = nameof(IsDense), Bias = Bias.Optional)] public partial Linear? FfnDown { get; }
        [Tensor("ExpertCount, Embd", Hf = "block_sparse_moe.gate|mlp.gate", RequiredIf = nameof(IsMixture))] public partial Linear? FfnGateInp { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "block_sparse_moe.experts.{e}.w1|mlp.experts.{e}.gate_proj", RequiredIf = nameof(IsMixture))]
        public partial Experts? FfnGateExps { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "block_sparse_moe.experts.{e}.w3|mlp.experts.{e}.up_proj", RequiredIf = nameof(IsMixture))]
        public partial Experts? FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, ExpertFf", Hf = "block_sparse_moe.experts.{e}.w2|mlp.experts.{e}.down_proj", RequiredIf = nameof(IsMixture))]
        public partial Experts? FfnDownExps { get; }

        public virtual bool IsSliding => SlidingWindow > 0 && SlidingPattern.IsEverywhere;

        public Tensor Forward(Tensor x)
        {
            x += AttentionBranch(x);
            return x + FeedForwardBranch(x);
        }

        protected virtual Tensor AttentionBranch(Tensor x) => SelfAttention(AttnNorm.Of(x));

        protected virtual Tensor FeedForwardBranch(Tensor x)
        {
            var h = FfnNorm.Of(x);
            return IsMixture ? Mixture(h) : FeedForward(h);
        }

        protected Tensor SelfAttention(Tensor h) => AttnOutput.Of(Attend(Query(h), Key(h), AttnV.Of(h).Heads(KvHeads)));
        protected virtual Tensor Query(Tensor h) => Position(AttnQ.Of(h).Heads(Heads));
        protected virtual Tensor Key(Tensor h) => Position(AttnK.Of(h).Heads(KvHeads));
        protected virtual Tensor Position(Tensor heads) => Rope(heads, Factors(heads));
        protected virtual Tensor Attend(Tensor q, Tensor k, Tensor v) =>
            Attention(q, k, v, AttentionScale == 0 ? 1 / Sqrt(HeadDim) : AttentionScale, window: IsSliding ? SlidingWindow : 0);
        protected virtual Tensor FeedForward(Tensor h) => FfnDown!.Of(Silu(FfnGate!.Of(h)) * FfnUp!.Of(h));

        protected virtual Tensor Mixture(Tensor h)
        {
            var (chosen, weights) = Moe.Best(Softmax(FfnGateInp!.Of(h)), ExpertsUsed);
            return WeightedSum(FfnDownExps!.Of(Moe.SwiGlu(h, chosen, FfnGateExps!, FfnUpExps!), chosen), weights);
        }
    }
}

// Checkpoints.
[HuggingFace("LlamaForCausalLM", "LlamaModel", "MistralForCausalLM", "MixtralForCausalLM", "Transformer")]
public partial class Llama;
