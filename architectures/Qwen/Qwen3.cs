namespace ArchGen.Architectures;

/// <summary>Qwen3: Llama with a norm on each head's queries and keys (arXiv:2505.09388).</summary>
[Architecture("qwen3", Rope = RopeKind.HalfSplit)]
public partial class Qwen3 : Decoder, IRanker
{
    public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor Rank(Tensor row) => Softmax(Ranker.Of(this, row));
}

// Checkpoints.
[HuggingFace("Qwen3ForCausalLM", "Qwen3Model")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class Qwen3;
