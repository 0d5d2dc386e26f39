namespace ArchGen.Architectures;

/// <summary>The encoder of T5 by itself, as text embeddings and image generators use it (arXiv:1910.10683, arXiv:2108.08877).</summary>
[Architecture("t5encoder", Rope = RopeKind.None), Names(typeof(T5EncoderNames))]
public partial class T5Encoder : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Name = "enc.output_norm")] public partial RmsNorm EncoderNorm { get; }
    [Blocks("enc.blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> EncoderLayers { get; }

    [HyperParameter("attention.relative_buckets_count", Hf = "relative_attention_num_buckets")] public partial int Buckets { get; }

    public partial class Layer : Block, IRelativeAttention, IT5FeedForward
    {
        [Tensor("Embd", Hf = "1.layer_norm")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x, Weight? firstBias)
        {
            x += RelativeAttention.BothWays(this, x, firstBias);
            return x + Ffn.Of(this, FfnNorm.Of(x));
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        foreach (var layer in EncoderLayers) x = layer.Forward(x, EncoderLayers[0].AttnRelB);
        return EncoderNorm.Of(x);
    }
}

// Checkpoints.
[HuggingFace("T5EncoderModel", "MT5EncoderModel", "UMT5EncoderModel"), Hf(nameof(ContextLength), "n_positions|512")]
[ConfigIs("relative_attention_max_distance", "128"), ConfigIs("scalable_attention", "true")]
[IgnoredConfig("feed_forward_proj|is_gated_act|dense_act_fn", "the tensors tell: a gate goes with GELU")]
[IgnoredConfig("num_decoder_layers|scale_decoder_outputs|decoder_start_token_id", "there is no decoder")]
[IgnoredWeights("encoder.embed_tokens.weight", "it is the shared embedding"), IgnoredTensors("output.weight", "there is no decoder whose rows it would read")]
public partial class T5Encoder;
