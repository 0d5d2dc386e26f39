namespace ArchGen.Architectures;

/// <summary>Qwen 1.5, 2 and 2.5: Llama with biases on queries, keys and values (arXiv:2407.10671).</summary>
[Architecture("qwen2", Rope = RopeKind.HalfSplit)]
public partial class Qwen2 : Decoder, IRanker
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor Rank(Tensor row) => Ranker.Of(this, row);
}

// Checkpoints.
[HuggingFace("Qwen2ForCausalLM", "Qwen2Model")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
[IgnoredConfig("dual_chunk_attention_config", "it is for contexts beyond the trained one, and transformers does not read it")]
public partial class Qwen2;
