namespace ArchGen.Architectures;

/// <summary>Orion: Llama with layer norms (arXiv:2401.12246).</summary>
[Architecture("orion", Rope = RopeKind.HalfSplit)]
public partial class Orion : LayerNormDecoder
{
    public partial class Layer : Block, ILayerNorms, IAttention, IGatedFeedForward
    {
        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q), 1 / Sqrt(HeadDim));
            return x + SwiGlu.Of(this, FfnNorm.Of(x));
        }
    }
}

// Checkpoints.
[HuggingFace("OrionForCausalLM"), Hf(nameof(LayerNormEpsilon), "rms_norm_eps"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[Hf(nameof(ContextLength), "max_sequence_length|max_position_embeddings|model_max_length")]
public partial class Orion;
