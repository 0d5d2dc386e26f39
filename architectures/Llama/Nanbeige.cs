namespace ArchGen.Architectures;

/// <summary>Nanbeige: Llama whose layers run several times, each pass on what the one before computed (arXiv:1807.03819, Nanbeige 4.2).</summary>
[Architecture("nanbeige", Rope = RopeKind.Interleaved)]
public partial class Nanbeige : Decoder
{
    [HyperParameter("num_loops", Hf = "num_loops|1", Default = "1")] public partial int Loops { get; }
    [HyperParameter("skip_loop_final_norm", Hf = "skip_loop_final_norm|false", Default = "false")] public partial bool SkipsNorm { get; }

    public int Passes => Loops > 0 ? Loops : throw new ModelFileException($"nanbeige.num_loops is {Loops}, expected 1 or more. The file is damaged.");

    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Embed(tokens);
        for (var pass = 0; pass < Passes; pass++)
        {
            if (pass > 0 && !SkipsNorm) x = OutputNorm.Of(x);
            x = Layers.Of(x);
        }

        return Logits(OutputNorm.Of(x));
    }
}

// Checkpoints.
[HuggingFace("NanbeigeForCausalLM"), IgnoredConfig("kv_channels", "head_dim says the same"), ConfigIs("loop_share_kv", "false")]
public partial class Nanbeige;
