namespace ArchGen.Architectures;

/// <summary>Qwen 1.5, 2 and 2.5: Llama with biases on queries, keys and values (arXiv:2407.10671).</summary>
[Architecture("qwen2")]
public partial class Qwen2 : QwenDecoder, IRanker
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x, Factors(x)), 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor Rank(Tensor row) => Ranker.Of(this, row);
}

// Checkpoints.
[HuggingFace("Qwen2ForCausalLM", "Qwen2Model")]
[IgnoredConfig("dual_chunk_attention_config", "it is for contexts beyond the trained one, and transformers does not read it")]
public partial class Qwen2;
