namespace ArchGen.Architectures;

/// <summary>Nanbeige 4: Llama whose layers run several times (arXiv:2512.06266, arXiv:1807.03819).</summary>
[Architecture("nanbeige", Rope = RopeKind.Interleaved)]
public partial class Nanbeige : TempDecoder
{
    [HyperParameter("num_loops", Hf = "num_loops", Default = "1")] public partial int Loops { get; }
    [HyperParameter("skip_loop_final_norm", Hf = "skip_loop_final_norm", Default = "false")] public partial bool SkipsNorm { get; }

    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x, Factors(x)), 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Layers.Of(TokenEmbd.Of(tokens));
        for (var loop = 1; loop < Loops; loop++) x = Layers.Of(SkipsNorm ? x : OutputNorm.Of(x));
        return Output.Of(OutputNorm.Of(x));
    }
}

// Checkpoints.
[HuggingFace("NanbeigeForCausalLM")]
public partial class Nanbeige;
