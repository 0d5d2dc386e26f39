namespace ArchGen.Architectures;

/// <summary>EuroBERT: Llama that attends both ways; its rows are embeddings (arXiv:2503.05500).</summary>
[Architecture("eurobert", Rope = RopeKind.HalfSplit), Default(nameof(IsCausal), "false")]
public partial class EuroBert : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens)));
}

// Checkpoints.
[Hf(nameof(IsCausal), "false"), HuggingFace("EuroBertModel"), IgnoredConfig("classifier_pooling|mask_token_id", "of classifiers; the tokenizer has the mask")]
public partial class EuroBert;
