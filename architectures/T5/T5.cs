namespace ArchGen.Architectures;

/// <summary>T5 and Flan-T5: an encoder and a decoder with cross attention; positions are biases by distance (arXiv:1910.10683).</summary>
[Architecture("t5", Rope = RopeKind.None), Names(typeof(T5Names))]
public partial class T5 : EncoderDecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Name = "enc.output_norm")] public partial RmsNorm EncoderNorm { get; }
    [Tensor("Embd", Name = "dec.output_norm")] public partial RmsNorm DecoderNorm { get; }
    [Tensor("Vocab, Embd")] public partial Linear? Output { get; }
    [Blocks("enc.blk.{i}", Count = nameof(BlockCount))] public partial BlockList<EncoderLayer> EncoderLayers { get; }
    [Blocks("dec.blk.{i}", Count = nameof(DecoderBlockCount))] public partial BlockList<DecoderLayer> DecoderLayers { get; }

    [HyperParameter("decoder_block_count", Hf = "num_decoder_layers", Default = "BlockCount")] public partial int DecoderBlockCount { get; }
    [HyperParameter("scale_decoder_outputs", Hf = "scale_decoder_outputs", Unless = "true", Default = "true")] public partial bool ScaleTiedOutput { get; }
    [HyperParameter("attention.relative_buckets_count", Hf = "relative_attention_num_buckets")] public partial int Buckets { get; }

    public partial class EncoderLayer : T5Encoder.Layer;

    // Files have the scales of self-attention without the prefix dec.
    public partial class DecoderLayer : Block, IRelativeAttention, IEncoderAttention, IT5FeedForward
    {
        [Tensor("Heads*HeadDim, Embd", Scale = "blk.{i}.attn_q.scale")] public partial Linear AttnQ { get; }
        [Tensor("Heads*HeadDim, Embd", Scale = "blk.{i}.attn_k.scale")] public partial Linear AttnK { get; }
        [Tensor("Heads*HeadDim, Embd", Scale = "blk.{i}.attn_v.scale")] public partial Linear AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Scale = "blk.{i}.attn_output.scale")] public partial Linear AttnO { get; }
        [Tensor("Embd", Hf = "2.layer_norm")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x, Tensor encoded, Weight? firstBias)
        {
            x += RelativeAttention.Of(this, x, firstBias);
            x += RelativeAttention.Of(this, x, encoded);
            return x + Ffn.Of(this, FfnNorm.Of(x));
        }
    }

    public override Tensor Encode(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        foreach (var layer in EncoderLayers) x = layer.Forward(x, EncoderLayers[0].AttnRelB);
        return EncoderNorm.Of(x);
    }

    public override Tensor Forward(Tokens tokens, Tensor encoded)
    {
        var x = TokenEmbd.Of(tokens);
        foreach (var layer in DecoderLayers) x = layer.Forward(x, encoded, DecoderLayers[0].AttnRelB);
        x = DecoderNorm.Of(x);
        // A tied output reads the stream at the embedding's scale.
        return Output is null ? TokenEmbd.Logits(ScaleTiedOutput ? x * (1 / Sqrt(Embd)) : x) : Output.Of(x);
    }
}

// Checkpoints.
[HuggingFace("T5ForConditionalGeneration", "T5WithLMHeadModel", "MT5ForConditionalGeneration", "UMT5ForConditionalGeneration")]
[Hf(nameof(ContextLength), "n_positions|512"), Hf(nameof(HeadDim), "d_kv")]
[ConfigIs("relative_attention_max_distance", "128"), ConfigIs("scalable_attention", "true")]
[IgnoredConfig("feed_forward_proj|is_gated_act|dense_act_fn", "the tensors tell: a gate goes with GELU")]
[IgnoredWeights("encoder.embed_tokens.weight|decoder.embed_tokens.weight", "they are the shared embedding")]
public partial class T5;
