namespace ArchGen.Architectures;

/// <summary>Jina Embeddings 2: BERT with ALiBi in place of positions, and a gated feed-forward network (arXiv:2310.19923, arXiv:2108.12409).</summary>
[Architecture("jina-bert-v2", Rope = RopeKind.None)]
public partial class JinaBertV2 : Bert
{
    // The model for code has norms of queries and keys, and one more after attention.
    public partial class PlainLayer : Layer
    {
        [Tensor("Heads*HeadDim", Bias = Bias.Required)] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads*HeadDim", Bias = Bias.Required)] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd", Name = "attn_norm_2", Bias = Bias.Required)] public partial LayerNorm? AttnNorm2 { get; }

        public override Tensor Forward(Tensor x)
        {
            var h = AttnOutputNorm.Of(x + Attend(x));
            if (AttnNorm2 is not null) h = AttnNorm2.Of(x + h);
            return LayerOutputNorm.Of(h + FeedForward(h));
        }

        protected override Tensor Attend(Tensor x)
        {
            var (q, k, v) = Qkv.Of(x, AttnQkv, AttnQ, AttnK, AttnV, Heads * HeadDim, KvHeads * HeadDim);
            q = AttnQNorm?.Of(q) ?? q;
            k = AttnKNorm?.Of(k) ?? k;
            return AttnOutput.Of(Attention(q.Heads(Heads), k.Heads(KvHeads), v.Heads(KvHeads), 1 / Sqrt(HeadDim), alibi: 8));
        }
    }

    [When(nameof(GatedLayer.FfnGate))]
    public partial class GatedLayer : PlainLayer
    {
        [Tensor("Ff, Embd", Hf = "mlp.gated_layers_w")] public partial Linear FfnGate { get; }

        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(Gelu(FfnGate.Of(h)) * FfnUp.Of(h));
    }

    // Gate and up in one matrix; in that of the model for code the gate is last.
    [When(nameof(PackedLayer.FfnUp))]
    public partial class PackedLayer : PlainLayer
    {
        [Tensor("2*Ff, Embd", Bias = Bias.Optional)] public new partial Linear FfnUp { get; }

        protected override Tensor FeedForward(Tensor h)
        {
            var (first, last) = FfnUp.Of(h).Split(Ff, Ff);
            return FfnDown.Of(AttnNorm2 is null ? Gelu(first) * last : first * Gelu(last));
        }
    }

    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);
}

// Checkpoints.
[HuggingFace("JinaBertModel", "JinaBertForMaskedLM"), Hf(nameof(PlainLayer.AttnQNorm), "attention.self.layer_norm_q")]
[Hf(nameof(PlainLayer.AttnKNorm), "attention.self.layer_norm_k"), Hf(nameof(PlainLayer.AttnNorm2), "layer_norm_1")]
[Hf(nameof(Layer.FfnUp), "mlp.gated_layers|mlp.gated_layers_v|mlp.up_gated_layer"), Hf(nameof(Layer.FfnDown), "mlp.wo|mlp.down_layer")]
[Hf(nameof(Layer.LayerOutputNorm), "mlp.layernorm|layer_norm_2")]
[ConfigIs("position_embedding_type", "alibi"), ConfigIs("feed_forward_type", "geglu"), ConfigIs("emb_pooler", "mean")]
public partial class JinaBertV2;
