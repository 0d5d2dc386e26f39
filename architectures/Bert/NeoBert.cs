namespace ArchGen.Architectures;

/// <summary>NeoBERT: an encoder with Llama's layers, one matrix for queries, keys and values and one for gate and up (arXiv:2502.19587).</summary>
[Architecture("neo-bert", Rope = RopeKind.Interleaved), Default(nameof(IsCausal), "false")]
public partial class NeoBert : BaseDecoder, IRankerSizes
{
    [Tensor("Embd", Hf = "layer_norm", Name = "enc.output_norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Embd, Embd", Hf = "dense", Name = "cls", Bias = Bias.Required)] public partial Linear? Cls { get; }
    [Tensor("Labels, Embd", Hf = "classifier", Name = "cls.output", RequiredIf = nameof(IsRanker), Bias = Bias.Required)]
    public partial Linear ClsOutput { get; }

    public override RankedRow RankedRow => RankedRow.First;
    protected override Tensor Rank(Tensor row) => ClsOutput.Of(Cls is null ? row : Tanh(Cls.Of(row)));

    public partial class Layer : PreNormLayer, IPackedAttention, IPackedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
    protected override Tensor Logits(Tensor x) => x;
}

// Checkpoints.
[HuggingFace("NeoBERT", "NeoBERTLMHead", "NeoBERTForSequenceClassification", Rope = RopeKind.Interleaved), Hf(nameof(IsCausal), "false")]
[Hf(nameof(TokenEmbd), "encoder"), Hf(nameof(Layers), "transformer_encoder.{i}"), Hf(nameof(Layer.AttnNorm), "attention_norm")]
[Hf(nameof(Layer.AttnQkv), "qkv", From = nameof(Ungrouped)), Hf(nameof(Layer.AttnOutput), "wo"), Hf(nameof(Layer.FfnNorm), "ffn_norm")]
[Hf(nameof(Layer.FfnUp), "ffn.w12"), Hf(nameof(Layer.FfnDown), "ffn.w3"), IgnoredWeights("decoder.*", "the head of masked tokens")]
[Hf(nameof(Ff), "2*intermediate_size/3"), Hf(nameof(RmsEpsilon), "norm_eps"), Hf(nameof(ContextLength), "max_length")]
public partial class NeoBert;
