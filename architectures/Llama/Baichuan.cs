namespace ArchGen.Architectures;

/// <summary>Baichuan: Llama; the 7 B model rotates, the 13 B model has ALiBi instead (arXiv:2309.10305).</summary>
[Architecture("baichuan", IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("BaichuanForCausalLM", "BaiChuanForCausalLM"), Writes("tensor_data_layout", "'Meta AI original pth'")]
[Writes("rope.dimension_count", "hidden_size/num_attention_heads"), Hf(nameof(ContextLength), "max_position_embeddings|model_max_length")]
[Hf(nameof(ContextLength), "max_position_embeddings", For = "BaiChuanForCausalLM")]
[HfFused("self_attn.W_pack", nameof(Layer.AttnQ), nameof(Layer.AttnK), nameof(Layer.AttnV))]
[ConfigDefaults("vocab_size=64000|hidden_size=5120|intermediate_size=13696|num_hidden_layers=40|num_attention_heads=40|model_max_length=4096"
    + "|rms_norm_eps=1e-6|pad_token_id=0|bos_token_id=1|eos_token_id=2", For = "BaichuanForCausalLM")]
[ConfigDefaults("vocab_size=64000|hidden_size=4096|intermediate_size=11008|num_hidden_layers=32|num_attention_heads=32|max_position_embeddings=4096"
    + "|rms_norm_eps=1e-6|pad_token_id=0|bos_token_id=1|eos_token_id=2", For = "BaiChuanForCausalLM")]
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
