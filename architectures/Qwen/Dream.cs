namespace ArchGen.Architectures;

/// <summary>Dream: Qwen2 that attends both ways and fills in masked tokens (arXiv:2508.15487).</summary>
[Architecture("dream", Rope = RopeKind.HalfSplit)]
public partial class Dream : Decoder
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
}

// Checkpoints.
[HuggingFace("DreamModel"), IgnoredConfig("max_window_layers|mask_token_id", "no layer slides; the tokenizer has the mask")]
public partial class Dream;
