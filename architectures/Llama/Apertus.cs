namespace ArchGen.Architectures;

/// <summary>Apertus: Llama with a norm on each head's queries and keys, and a feed-forward network without a gate, with xIELU (arXiv:2509.14233).</summary>
[Architecture("apertus", Rope = RopeKind.HalfSplit)]
public partial class Apertus : Decoder
{
    [HyperParameter("xielu.alpha_p")] public partial PerLayer<float> AlphaP { get; }
    [HyperParameter("xielu.alpha_n")] public partial PerLayer<float> AlphaN { get; }
    [HyperParameter("xielu.beta")] public partial PerLayer<float> Beta { get; }
    [HyperParameter("xielu.eps")] public partial PerLayer<float> Epsilon { get; }

    public partial class Layer : PreNormLayer, IQkNorm, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, up => Xielu(up, AlphaP, AlphaN, Beta, Epsilon));
    }
}

// Checkpoints.
[HuggingFace("ApertusForCausalLM"), Hf(nameof(Layer.AttnNorm), "attention_layernorm"), Hf(nameof(Layer.FfnNorm), "feedforward_layernorm")]
[HfTensor(nameof(AlphaP), "model.layers.{i}.mlp.act_fn.alpha_p"), HfTensor(nameof(AlphaN), "model.layers.{i}.mlp.act_fn.alpha_n")]
[HfTensor(nameof(Beta), "model.layers.{i}.mlp.act_fn.beta"), HfTensor(nameof(Epsilon), "model.layers.{i}.mlp.act_fn.eps")]
public partial class Apertus;
