using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>A port with names of its own: nothing but the forward pass tells its router, convolution, norms and gate.</summary>
[Architecture("stork", Rope = RopeKind.HalfSplit), HuggingFace("StorkForCausalLM")]
public partial class Stork : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "words")] public partial Embedding Rows { get; }
    [Tensor("Embd", Hf = "norm")] public partial RmsNorm Last { get; }
    [Tensor("Vocab, Embd", Hf = "head")] public partial Linear Output { get; }
    [Blocks("layers.{i}", Hf = "layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("kernel", Hf = "kernel")] public partial int Kernel { get; }

    public partial class Layer : Block, IExpertSizes
    {
        [Tensor("Embd, Kernel", Hf = "mixer")] public partial CausalConv Mixer { get; }
        [State("Kernel - 1, Embd")] public partial State Memory { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "q")] public partial Linear Asks { get; }
        [Tensor("Heads, HeadDim", Hf = "q_scale")] public partial RmsNorm AskScales { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "k")] public partial Linear Offers { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "v")] public partial Linear Gives { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "o")] public partial Linear Takes { get; }
        [Tensor("ExpertCount, Embd", Hf = "router")] public partial Linear Router { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "experts.{e}.up")] public partial Experts Up { get; }
        [Tensor("ExpertCount, Embd, ExpertFf", Hf = "experts.{e}.down")] public partial Experts Down { get; }
        [Tensor("1, Embd", Hf = "gate")] public partial Linear Gate { get; }

        public Tensor Forward(Tensor x)
        {
            var h = Mixer.Of(x, Memory);
            var q = Rope(AskScales.Of(Asks.Of(h).Heads(Heads)));
            x += Takes.Of(Attention(q, Rope(Offers.Of(h).Heads(Heads)), Gives.Of(h).Heads(Heads), 1 / Sqrt(HeadDim)));
            var scores = Softmax(Router.Of(x));
            var chosen = TopK(scores, ExpertsUsed);
            return x + WeightedSum(Down.Of(Silu(Up.Of(x, chosen)), chosen), Gather(scores, chosen)) * Sigmoid(Gate.Of(x));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(Last.Of(Layers.Of(Rows.Of(tokens))));
}
