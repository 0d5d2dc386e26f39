namespace ArchGen.Architectures;

/// <summary>BERT, DistilBERT, RoBERTa and XLM-RoBERTa: post-norm encoders with learned positions and segments (arXiv:1810.04805, arXiv:1911.02116).</summary>
[Architecture("bert", Rope = RopeKind.None, IgnoredScales = "blk.*")]
[HuggingFace("BertModel", "BertForMaskedLM", "DistilBertModel", "DistilBertForMaskedLM", "RobertaModel", "XLMRobertaModel", "CamembertModel")]
[ConfigIs("hidden_act|activation", "gelu"), ConfigIs("position_embedding_type", "absolute"), ConfigIs("sinusoidal_pos_embds", "false")]
[Default(nameof(IsCausal), "false"), Hf(nameof(IsCausal), "false")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "RobertaModel")]
[Hf(nameof(LayerNormEpsilon), "layer_norm_eps|layer_norm_epsilon|0.000000000001")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "XLMRobertaModel")]
[Hf(nameof(ContextLength), "max_position_embeddings - pad_token_id - 1", For = "CamembertModel")]
[IgnoredWeights("*pooler.*|cls.*|vocab_*|lm_head.*", "they take no part in the embeddings")]
[ConfigDefaults("vocab_size=30522|hidden_size=768|num_hidden_layers=12|num_attention_heads=12|intermediate_size=3072|max_position_embeddings=512"
    + "|type_vocab_size=2|layer_norm_eps=1e-12|pad_token_id=0", For = "BertModel|BertForMaskedLM")]
[ConfigDefaults("vocab_size=30522|max_position_embeddings=512|n_layers=6|n_heads=12|dim=768|hidden_dim=3072|pad_token_id=0",
    For = "DistilBertModel|DistilBertForMaskedLM")]
[ConfigDefaults("vocab_size=30522|hidden_size=768|num_hidden_layers=12|num_attention_heads=12|intermediate_size=3072|max_position_embeddings=512"
    + "|type_vocab_size=2|layer_norm_eps=1e-12|pad_token_id=1|bos_token_id=0|eos_token_id=2", For = "RobertaModel|XLMRobertaModel|CamembertModel")]
public partial class Bert : DecoderModel
{
    [Tensor("Vocab, Embd",
        Hf = "embeddings.word_embeddings|bert.embeddings.word_embeddings|roberta.embeddings.word_embeddings|distilbert.embeddings.word_embeddings")]
    public partial Embedding TokenEmbd { get; }
    [Tensor("Segments, Embd", Hf = "embeddings.token_type_embeddings|bert.embeddings.token_type_embeddings|roberta.embeddings.token_type_embeddings")]
    public partial Embedding? TokenTypes { get; }
    [Tensor("ContextLength, Embd", Hf = "embeddings.position_embeddings|bert.embeddings.position_embeddings|roberta.embeddings.position_embeddings"
        + "|distilbert.embeddings.position_embeddings", From = nameof(FromFirst))]
    public partial Embedding PositionEmbd { get; }
    [Tensor("Embd", Hf = "embeddings.LayerNorm|bert.embeddings.LayerNorm|roberta.embeddings.LayerNorm|distilbert.embeddings.LayerNorm", Bias = Bias.Required)]
    public partial LayerNorm TokenEmbdNorm { get; }
    [Tensor("Embd, Embd", Bias = Bias.Optional)] public partial Linear? Cls { get; }
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker), Bias = Bias.Optional)] public partial Linear? ClsOutput { get; }
    [Blocks("blk.{i}", Hf = "encoder.layer.{i}|bert.encoder.layer.{i}|roberta.encoder.layer.{i}|transformer.layer.{i}|distilbert.transformer.layer.{i}",
        Count = nameof(BlockCount))]
    public partial BlockList<Layer> Layers { get; }

    [HyperParameter("tokenizer.ggml.token_type_count", Hf = "type_vocab_size", Default = "2")] public partial int Segments { get; }

    // RoBERTa's positions begin after the padding's.
    private Weights FromFirst(Weights positions) => positions.Rows(positions.Shape[0] - ContextLength, ContextLength);

    public partial class Layer : Block
    {
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Bias = Bias.Optional)] public partial Linear? AttnQkv { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "attention.self.query|attention.q_lin", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)]
        public partial Linear? AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "attention.self.key|attention.k_lin", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)]
        public partial Linear? AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "attention.self.value|attention.v_lin", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)]
        public partial Linear? AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attention.output.dense|attention.out_lin", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "attention.output.LayerNorm|sa_layer_norm", Bias = Bias.Required)] public partial LayerNorm AttnOutputNorm { get; }
        [Tensor("Ff, Embd", Hf = "intermediate.dense|ffn.lin1", Bias = Bias.Optional)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "output.dense|ffn.lin2", Bias = Bias.Optional)] public partial Linear FfnDown { get; }
        [Tensor("Embd", Hf = "output.LayerNorm|output_layer_norm", Bias = Bias.Required)] public partial LayerNorm LayerOutputNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = Qkv.Of(x, AttnQkv, AttnQ, AttnK, AttnV, Heads * HeadDim, KvHeads * HeadDim);
            var attended = Attention(Rope(q.Heads(Heads)), Rope(k.Heads(KvHeads)), v.Heads(KvHeads), 1 / Sqrt(HeadDim));
            x = AttnOutputNorm.Of(x + AttnOutput.Of(attended));
            return LayerOutputNorm.Of(x + FeedForward(x));
        }

        protected virtual Tensor FeedForward(Tensor x) => FfnDown.Of(Gelu(FfnUp.Of(x)));
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Embed(tokens);
        if (TokenTypes is not null) x += TokenTypes.Of(tokens.Segments);
        return Layers.Of(TokenEmbdNorm.Of(x));
    }

    protected override Tensor Rank(Tensor row) => ClsOutput!.Of(Cls is null ? row : Tanh(Cls.Of(row)));

    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + PositionEmbd.Of(tokens.Positions);
}
