namespace ArchGen.Architectures;

/// <summary>Baichuan: Llama; the 7 B model rotates, the 13 B model has ALiBi instead (arXiv:2309.10305).</summary>
[Architecture("baichuan", Rope = RopeKind.Normal, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("BaichuanForCausalLM", "BaiChuanForCausalLM", Rope = RopeKind.Normal), Writes("tensor_data_layout", "'Meta AI original pth'")]
[Writes("rope.dimension_count", "hidden_size/num_attention_heads"), Hf(nameof(ContextLength), "max_position_embeddings|model_max_length")]
[Hf(nameof(Layer.AttnQ), "self_attn.W_pack", From = nameof(Queries)), Hf(nameof(Layer.AttnK), "self_attn.W_pack", From = nameof(Keys))]
[Hf(nameof(Layer.AttnV), "self_attn.W_pack", From = nameof(Values))]
[IgnoredTensors("blk.*.ffn_*.scale", "llama.cpp leaves these scales out, and files are made for it")]
public partial class Baichuan : Llama
{
    // No key of the file tells the two apart, only their depth.
    public bool IsRotary => BlockCount == 32;
    public float AlibiBias => BlockCount == 40 ? 8 : 0;

    // Rotary pairs are neighbours in every file, those of the model without rotations too.
    private Weights Queries(Weights pack) => pack.Rows(0, Embd).PairedHalves(HeadDim, HeadDim);
    private Weights Keys(Weights pack) => pack.Rows(Embd, Embd).PairedHalves(HeadDim, HeadDim);
    private Weights Values(Weights pack) => pack.Rows(2 * Embd, Embd);

    public partial class AlibiLayer : Layer
    {
        protected override Tensor Query(Tensor h) => IsRotary ? Rope(AttnQ.Of(h).Heads(Heads)) : AttnQ.Of(h).Heads(Heads);
        protected override Tensor Key(Tensor h) => IsRotary ? Rope(AttnK.Of(h).Heads(KvHeads)) : AttnK.Of(h).Heads(KvHeads);
        protected override Tensor Attend(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim), alibi: AlibiBias);
    }
}
