namespace ArchGen.Architectures;

/// <summary>BERT, DistilBERT, RoBERTa and XLM-RoBERTa: post-norm encoders with learned positions and segments (arXiv:1810.04805, arXiv:1911.02116).</summary>
[Architecture("bert", Rope = RopeKind.None), Names(typeof(BertNames))]
public partial class Bert : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Segments, Embd")] public partial Embedding? TokenTypes { get; }
    [Tensor("ContextLength, Embd", From = nameof(FromFirst))] public partial Embedding PositionEmbd { get; }
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm TokenEmbdNorm { get; }
    [Tensor("Embd, Embd", Bias = Bias.Optional)] public partial Linear? Cls { get; }
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker), Bias = Bias.Optional)] public partial Linear ClsOutput { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("tokenizer.ggml.token_type_count", Hf = "type_vocab_size", Default = "2")] public partial int Segments { get; }

    // RoBERTa's positions begin after the padding's.
    private Weights FromFirst(Weights positions) => positions.Rows(positions.Shape[0] - ContextLength, ContextLength);

    public partial class Layer : Block, IAnyAttention, IPlainFeedForward
    {
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm AttnOutputNorm { get; }
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm LayerOutputNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x = AttnOutputNorm.Of(x + Attend(x));
            return LayerOutputNorm.Of(x + FeedForward(x));
        }

        protected virtual Tensor Attend(Tensor x) => SelfAttention.Of(this, x, heads => Rope(heads), 1 / Sqrt(HeadDim));

        protected virtual Tensor FeedForward(Tensor h) => Ffn.Of(this, h, Gelu);
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Embed(tokens);
        if (TokenTypes is not null) x += TokenTypes.Of(tokens.Segments);
        return Layers.Of(TokenEmbdNorm.Of(x));
    }

    protected override Tensor Rank(Tensor row) => ClsOutput.Of(Cls is null ? row : Tanh(Cls.Of(row)));

    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + PositionEmbd.Of(tokens.Positions);
}

// Checkpoints.
[HuggingFace("BertModel", "BertForMaskedLM", "DistilBertModel", "DistilBertForMaskedLM", "RobertaModel", "XLMRobertaModel", "CamembertModel",
    "BertForSequenceClassification", "RobertaForSequenceClassification", "XLMRobertaForSequenceClassification")]
[Default(nameof(IsCausal), "false"), Hf(nameof(IsCausal), "false")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "RobertaModel")]
[Hf(nameof(LayerNormEpsilon), "layer_norm_eps|layer_norm_epsilon|0.000000000001")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "XLMRobertaModel")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "CamembertModel")]
// Rankers. A pooler of another model under these names is written too, and nothing reads it.
[Hf(nameof(Cls), "bert.pooler.dense|classifier.dense"), Hf(nameof(ClsOutput), "classifier.out_proj|classifier")]
[Hf(nameof(PoolingType), "4", For = "BertForSequenceClassification"), Hf(nameof(PoolingType), "4", For = "RobertaForSequenceClassification")]
[Hf(nameof(PoolingType), "4", For = "XLMRobertaForSequenceClassification")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "RobertaForSequenceClassification")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "XLMRobertaForSequenceClassification")]
[ConfigIs("position_embedding_type", "absolute"), ConfigIs("sinusoidal_pos_embds", "false")]
[IgnoredWeights("*pooler.*|cls.*|vocab_*|lm_head.*", "they take no part in the embeddings")]
public partial class Bert;
