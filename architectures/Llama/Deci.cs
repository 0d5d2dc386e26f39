namespace ArchGen.Architectures;

/// <summary>
/// DeciLM and Llama-Nemotron: Llama with heads and widths of each layer; some have a matrix in place of attention, or no attention, or no feed-forward
/// network (arXiv:2411.19146, arXiv:2505.00949).
/// </summary>
[Default(nameof(HeadDim), "Embd/FirstHeads"), Architecture("deci", Rope = RopeKind.Interleaved)]
public partial class Deci : Decoder
{
    public int FirstHeads => Heads[0];

    public bool IsLinear(int layer) => Heads[layer] > 0 && KvHeads[layer] == 0 && Ff[layer] > 0;
    public bool IsFeedForward(int layer) => Heads[layer] == 0 && Ff[layer] > 0;
    public bool IsAttention(int layer) => KvHeads[layer] > 0 && Ff[layer] == 0;
    public bool IsEmpty(int layer) => Heads[layer] == 0 && Ff[layer] == 0;

    public partial class Layer : PreNormLayer, IAttention, IBiasedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x, Factors(x)), 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsLinear))]
    public partial class LinearLayer : PreNormLayer, IBiasedFeedForward
    {
        [Tensor("Embd, Embd", Hf = "self_attn.linear_attn")] public partial Linear AttnOutput { get; }

        protected override Tensor Attend(Tensor h) => AttnOutput.Of(h);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsFeedForward))]
    public partial class FeedForwardLayer : Block, IBiasedFeedForward
    {
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x) => x + SwiGlu.Of(this, FfnNorm.Of(x));
    }

    [When(nameof(IsAttention))]
    public partial class AttentionLayer : Block, IAttention
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }

        public Tensor Forward(Tensor x) => x + SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q, RopeFreqs), 1 / Sqrt(HeadDim));
    }

    [When(nameof(IsEmpty))]
    public partial class EmptyLayer : Block
    {
        public Tensor Forward(Tensor x) => x;
    }
}

// Checkpoints.
[HuggingFace("DeciLMForCausalLM")]
public partial class Deci;
