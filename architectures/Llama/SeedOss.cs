namespace ArchGen.Architectures;

/// <summary>Seed-OSS: Llama with biases on queries, keys and values (ByteDance Seed 2025).</summary>
[Architecture("seed_oss", Rope = RopeKind.HalfSplit)]
public partial class SeedOss : Decoder
{
    public partial class Layer : Block, IAttention, IGatedFeedForward
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm PostAttentionNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q), 1 / Sqrt(HeadDim));
            return x + SwiGlu.Of(this, PostAttentionNorm.Of(x));
        }
    }
}

// Checkpoints.
[HuggingFace("SeedOssForCausalLM")]
public partial class SeedOss;
