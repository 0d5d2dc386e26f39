namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>A port whose constants are trained: the checkpoint has them as tensors. Its embeddings go through a matrix after pooling.</summary>
[Architecture("heron", Rope = RopeKind.None), HuggingFace("HeronForCausalLM")]
[HfTensor(nameof(Slope), "act.log_slope", From = nameof(Exponential)), HfTensor(nameof(Wide), "layers.{i}.wide|blocks.{i}.wide")]
public partial class Heron : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "words")] public partial Embedding Rows { get; }
    [Tensor("Vocab, Embd", Hf = "head")] public partial Linear Output { get; }
    [Tensor("Embd, Embd", Hf = "dense")] public partial Linear? Dense { get; }
    [Blocks("layers.{i}", Hf = "layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("xielu.beta")] public partial float Slope { get; }
    [HyperParameter("wide")] public partial PerLayer<int> Wide { get; }

    private static Weights Exponential(Weights logarithm) => logarithm.Mapped(MathF.Exp, "exp");

    public partial class Layer : Block
    {
        [Tensor("Wide, Embd", Hf = "up")] public partial Linear Up { get; }
        [Tensor("Embd, Wide", Hf = "down")] public partial Linear Down { get; }

        public Tensor Forward(Tensor x) => x + Down.Of(Relu(Up.Of(RmsNorm(x)))) * Slope;
    }

    protected override Tensor Project(Tensor row) => Dense is null ? row : Dense.Of(row);

    public override Tensor Forward(Tokens tokens) => Output.Of(RmsNorm(Layers.Of(Rows.Of(tokens))));
}
