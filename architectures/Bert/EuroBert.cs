namespace ArchGen.Architectures;

/// <summary>EuroBERT: Llama that attends both ways; its rows are embeddings (arXiv:2503.05500).</summary>
[Architecture("eurobert", Rope = RopeKind.HalfSplit)]
public partial class EuroBert : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h)
        {
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            return AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), mask: AttentionMask.Bidirectional));
        }

        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens)));
}

// Checkpoints.
[HuggingFace("EuroBertModel"), IgnoredConfig("classifier_pooling|mask_token_id", "of classifiers; the tokenizer has the mask")]
public partial class EuroBert;
