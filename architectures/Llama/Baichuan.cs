namespace ArchGen.Architectures;

/// <summary>Baichuan: Llama; the 7 B model rotates, the 13 B model has ALiBi instead (arXiv:2309.10305).</summary>
[Architecture("baichuan")]
public partial class Baichuan : Llama
{
    // No key of the file distinguishes the two, only their number of layers.
    public bool IsRotary => BlockCount == 32;
    public float AlibiBias => BlockCount == 40 ? 8 : 0;

    public partial class AlibiLayer : Layer
    {
        protected override Tensor Position(Tensor heads) => IsRotary ? Rope(heads) : heads;
        protected override Tensor Attend(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim), alibi: AlibiBias);
    }
}

// Checkpoints.
[HuggingFace("BaichuanForCausalLM", "BaiChuanForCausalLM")]
[Hf(nameof(ContextLength), "max_position_embeddings|model_max_length")]
[Hf(nameof(ContextLength), "max_position_embeddings", For = "BaiChuanForCausalLM")]
[HfFused("self_attn.W_pack", nameof(Layer.AttnQ), nameof(Layer.AttnK), nameof(Layer.AttnV))]
public partial class Baichuan;
