namespace ArchGen.Architectures;

/// <summary>Seed-OSS: Llama with biases on queries, keys and values (ByteDance Seed 2025).</summary>
[Architecture("seed_oss", Rope = RopeKind.HalfSplit)]
public partial class SeedOss : Decoder
{
    public partial class Layer : PostAttentionNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("SeedOssForCausalLM")]
public partial class SeedOss;
