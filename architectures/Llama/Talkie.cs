namespace ArchGen.Architectures;

/// <summary>Talkie: Llama with norms that have no weights, a gain on each query head, and the embedding added to every layer's output (Talkie 2026).</summary>
[Architecture("talkie", Rope = RopeKind.HalfSplit)]
public partial class Talkie : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Vocab, Embd")] public partial Linear Output { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("logit_scale")] public partial float LogitScale { get; }

    public partial class Layer : Block, IAttention, IGatedFeedForward
    {
        [Tensor("Heads, 1")] public partial Weight AttnQNorm { get; }
        [Tensor("1")] public partial Weight LayerOutputScale { get; }

        public Tensor Forward(Tensor x, Tensor embedding)
        {
            x += SelfAttention.Of(this, RmsNorm(x), q => RmsNorm(Rotary.Of(q)) * AttnQNorm, k => RmsNorm(Rotary.Of(k)), 1 / Sqrt(HeadDim), window: 0);
            return x + SwiGlu.Of(this, RmsNorm(x)) + embedding * LayerOutputScale;
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var embedding = RmsNorm(TokenEmbd.Of(tokens));
        var x = embedding;
        foreach (var layer in Layers) x = layer.Forward(x, embedding);
        return Output.Of(RmsNorm(x)) * LogitScale;
    }
}
