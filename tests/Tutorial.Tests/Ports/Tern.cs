namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>A port whose pairs of rotated elements depend on the file, as GLM 4's do: with sections they are half a head apart.</summary>
[Architecture("tern"), HuggingFace("TernForCausalLM", Rope = RopeKind.Interleaved)]
public partial class Tern : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "words")] public partial Embedding Rows { get; }
    [Tensor("Vocab, Embd", Hf = "head")] public partial Linear Output { get; }
    [Blocks("layers.{i}", Hf = "layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("has_sections", Hf = "has_sections", Default = "false")] public partial bool HasSections { get; }

    public partial class Layer : Block
    {
        [Tensor("Heads*HeadDim, Embd", Hf = "q")] public partial Linear Query { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "k")] public partial Linear Key { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "v")] public partial Linear Value { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "o")] public partial Linear Result { get; }

        public Tensor Forward(Tensor x) =>
            x + Result.Of(Attention(Turned(Query.Of(x)), Turned(Key.Of(x)), Value.Of(x).Heads(Heads), 1 / Sqrt(HeadDim)));

        private Tensor Turned(Tensor x) => Rope(x.Heads(Heads), dims: HeadDim / 2, kind: HasSections ? RopeKind.HalfSplit : RopeKind.Interleaved);
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(Layers.Of(Rows.Of(tokens)));
}
