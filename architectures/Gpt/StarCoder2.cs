namespace ArchGen.Architectures;

/// <summary>StarCoder2: layer norms and biases throughout, grouped-query attention within a window (arXiv:2402.19173).</summary>
[Architecture("starcoder2", Rope = RopeKind.HalfSplit)]
public partial class StarCoder2 : LayerNormDecoder
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] public partial int SlidingWindow { get; }

    public partial class Layer : DecoderLayer, ILayerNorms
    {
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Hf = "mlp.c_fc", Bias = Bias.Optional)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.c_proj", Bias = Bias.Optional)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads), Factors(h)), k = Rope(AttnK.Of(h).Heads(KvHeads), Factors(h)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: SlidingWindow));
            return x + FfnDown.Of(GeluTanh(FfnUp.Of(FfnNorm.Of(x))));
        }
    }
}

// Checkpoints.
[HuggingFace("Starcoder2ForCausalLM")]
[ConfigIs("mlp_type", "default"), ConfigIs("norm_type", "layer_norm"), IgnoredConfig("activation_function", "hidden_act counts")]
public partial class StarCoder2;
