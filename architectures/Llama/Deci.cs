namespace ArchGen.Architectures;

/// <summary>DeciLM, Llama-Nemotron: Llama with heads and widths by layer, some without attention or network (arXiv:2411.19146, arXiv:2505.00949).</summary>
[Architecture("deci", Rope = RopeKind.Interleaved), Default(nameof(HeadDim), "Embd/FirstHeads")]
public partial class Deci : Decoder
{
    public int FirstHeads => Heads[0];
    public bool IsLinear(int layer) => Heads[layer] > 0 && KvHeads[layer] == 0 && Ff[layer] > 0;
    public bool IsFeedForwardOnly(int layer) => Heads[layer] == 0 && Ff[layer] > 0;
    public bool IsAttentionOnly(int layer) => KvHeads[layer] > 0 && Ff[layer] == 0;
    public bool IsEmpty(int layer) => Heads[layer] == 0 && Ff[layer] == 0;

    public partial class Layer : PreNormLayer, IAttention, IBiasedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsLinear))]
    public partial class LinearLayer : PreNormLayer, IBiasedFeedForward
    {
        [Tensor("Embd, Embd", Hf = "self_attn.linear_attn")] public partial Linear AttnOutput { get; }
        protected override Tensor Attend(Tensor h) => AttnOutput.Of(h);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsFeedForwardOnly))]
    public partial class FeedForwardOnlyLayer : Block, IBiasedFeedForward
    {
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }
        public Tensor Forward(Tensor x) => x + SwiGlu.Of(this, FfnNorm.Of(x));
    }

    [When(nameof(IsAttentionOnly))]
    public partial class AttentionOnlyLayer : RotaryLayer, IAttention
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        public Tensor Forward(Tensor x) => x + SelfAttention.Of(this, AttnNorm.Of(x), LongRotary, 1 / Sqrt(HeadDim));
    }

    [When(nameof(IsEmpty))]
    public partial class EmptyLayer : Block { public Tensor Forward(Tensor x) => x; }
}

// Checkpoints. A layer without heads of keys has a matrix in place of attention, or nothing; widths are multiples of 256.
[HuggingFace("DeciLMForCausalLM"), Hf(nameof(HeadDim), "head_dim|hidden_size/num_attention_heads"), Hf(nameof(Heads), nameof(QueryHeads))]
[Hf(nameof(KvHeads), nameof(KeyHeads)), Hf(nameof(Ff), nameof(Widths))]
public partial class Deci
{
    private static object? QueryHeads(Config config) => config.PerObject("block_configs", "num_attention_heads", (block, heads) =>
        block.Has("attention.n_heads_in_group") || block.Boolean("attention.replace_with_linear") == true ? heads : 0);

    private static object? KeyHeads(Config config) => (config.Int32s("num_key_value_heads_per_layer"), config.PerObject("block_configs",
        "num_key_value_heads", (block, _) => block.Boolean("attention.no_op") == true ? 0 : block.Int32("attention.n_heads_in_group") is { } group and > 0
            ? (config.Int32("num_attention_heads") ?? 0) / group : 0)) is var (byLayer, byBlock) ? byLayer ?? byBlock : null;

    private static object? Widths(Config config) => config.PerObject("block_configs", "intermediate_size", (block, _) => block.Boolean("ffn.no_op") == true ? 0
        : ((int)(2 * (block.Number("ffn.ffn_mult") ?? 0) * (config.Int32("hidden_size") ?? 0) / 3) + 255) / 256 * 256);
}
