namespace ArchGen.Architectures;

/// <summary>BERT, DistilBERT, RoBERTa and XLM-RoBERTa: post-norm encoders with learned positions and segments (arXiv:1810.04805, arXiv:1911.02116).</summary>
[Architecture("bert", Rope = RopeKind.None), Names(typeof(BertNames))]
public partial class Bert : Encoder
{
    [Tensor("Segments, Embd")] public partial Embedding? TokenTypes { get; }
    [Tensor("ContextLength, Embd", From = nameof(FromFirst))] public partial Embedding PositionEmbd { get; }
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm TokenEmbdNorm { get; }

    [HyperParameter("tokenizer.ggml.token_type_count", Hf = "type_vocab_size", Default = "2")] public partial int Segments { get; }

    public partial class Layer : Block, IAnyAttention, IPlainFeedForward
    {
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm AttnOutputNorm { get; }
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm LayerOutputNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x = AttnOutputNorm.Of(x + Attend(x));
            return LayerOutputNorm.Of(x + FeedForward(x));
        }

        protected virtual Tensor Attend(Tensor x) => SelfAttention.Of(this, x, Rotary, 1 / Sqrt(HeadDim));
        protected virtual Tensor FeedForward(Tensor h) => Ffn.Of(this, h, Gelu);
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Embed(tokens);
        if (TokenTypes is not null) x += TokenTypes.Of(tokens.Segments);
        return Layers.Of(TokenEmbdNorm.Of(x));
    }

    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + PositionEmbd.Of(tokens.Positions);
}

// Checkpoints. RoBERTa's positions begin after the padding's. A pooler of a model that is no ranker is written too, and nothing reads it.
[HuggingFace("BertModel", "BertForMaskedLM", "DistilBertModel", "DistilBertForMaskedLM", "RobertaModel", "XLMRobertaModel", "CamembertModel",
    "BertForSequenceClassification", "RobertaForSequenceClassification", "XLMRobertaForSequenceClassification")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1",
    For = "RobertaModel|XLMRobertaModel|CamembertModel|RobertaForSequenceClassification|XLMRobertaForSequenceClassification")]
[Hf(nameof(IRankerSizes.PoolingType), "4", For = "BertForSequenceClassification|RobertaForSequenceClassification|XLMRobertaForSequenceClassification")]
[Hf(nameof(LayerNormEpsilon), "layer_norm_eps|layer_norm_epsilon|0.000000000001")]
[Hf(nameof(Cls), "bert.pooler.dense|classifier.dense"), Hf(nameof(ClsOutput), "classifier.out_proj|classifier")]
[ConfigIs("position_embedding_type", "absolute"), ConfigIs("sinusoidal_pos_embds", "false")]
[IgnoredWeights("*pooler.*|cls.*|vocab_*|lm_head.*", "they take no part in the embeddings")]
public partial class Bert
{
    private Weights FromFirst(Weights positions) => positions.Rows(positions.Shape[0] - ContextLength, ContextLength);
}
