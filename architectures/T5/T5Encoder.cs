namespace ArchGen.Architectures;

/// <summary>The encoder of T5 by itself, as text embeddings and image generators use it (arXiv:1910.10683, arXiv:2108.08877).</summary>
[Architecture("t5encoder", Rope = RopeKind.None)]
public partial class T5Encoder : DecoderModel
{
    /// <summary>The distance from which on all positions share a bucket; every published T5 has 128.</summary>
    internal const int MaxDistance = 128;

    [Tensor("Vocab, Embd", Hf = "shared|encoder.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "encoder.final_layer_norm", Name = "enc.output_norm")] public partial RmsNorm EncoderNorm { get; }
    [Blocks("enc.blk.{i}", Hf = "encoder.block.{i}.layer", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("attention.relative_buckets_count", Hf = "relative_attention_num_buckets")] public partial int Buckets { get; }

    /// <summary>A layer whose attention has a bias for each range of distances; the first layer's is used by all.</summary>
    public abstract partial class BiasedLayer : Block
    {
        [Tensor("Embd", Hf = "0.layer_norm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Buckets, Heads", Hf = "0.SelfAttention.relative_attention_bias.weight", RequiredIf = nameof(IsFirst))] public partial Weight? AttnRelB { get; }

        public bool IsFirst => Index == 0;
    }

    public partial class Layer : BiasedLayer
    {
        [Tensor("Heads*HeadDim, Embd", Hf = "0.SelfAttention.q")] public partial Linear AttnQ { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "0.SelfAttention.k")] public partial Linear AttnK { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "0.SelfAttention.v")] public partial Linear AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "0.SelfAttention.o")] public partial Linear AttnO { get; }
        [Tensor("Embd", Hf = "1.layer_norm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "1.DenseReluDense.wi_0")] public partial Linear? FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "1.DenseReluDense.wi_1|1.DenseReluDense.wi")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "1.DenseReluDense.wo")] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x, Weight? firstBias)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(Heads), v = AttnV.Of(h).Heads(Heads);
            x += AttnO.Of(Attention(q, k, v, 1, AttentionMask.Bidirectional, bias: AttnRelB ?? firstBias, maxDistance: MaxDistance));

            return x + FeedForward(FfnNorm.Of(x), FfnGate, FfnUp, FfnDown);
        }
    }

    /// <summary>The feed-forward network of T5, or with a gate that of T5 1.1 (arXiv:2002.05202).</summary>
    internal static Tensor FeedForward(Tensor h, Linear? gate, Linear up, Linear down) =>
        down.Of(gate is null ? Relu(up.Of(h)) : GeluTanh(gate.Of(h)) * up.Of(h));

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        foreach (var layer in Layers) x = layer.Forward(x, Layers[0].AttnRelB);
        return EncoderNorm.Of(x);
    }
}

// Checkpoints.
[HuggingFace("T5EncoderModel", "MT5EncoderModel", "UMT5EncoderModel")]
[Hf(nameof(ContextLength), "n_positions|512")]
[ConfigIs("relative_attention_max_distance", "128"), ConfigIs("scalable_attention", "true")]
[IgnoredConfig("feed_forward_proj|is_gated_act|dense_act_fn", "the tensors tell: a gate goes with GELU")]
[IgnoredConfig("num_decoder_layers|scale_decoder_outputs|decoder_start_token_id", "there is no decoder")]
[IgnoredWeights("encoder.embed_tokens.weight", "it is the shared embedding")]
[IgnoredTensors("output.weight", "there is no decoder whose rows it would read")]
public partial class T5Encoder;
