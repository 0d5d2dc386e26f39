namespace ArchGen.Architectures;

/// <summary>A decoder whose layers mix the first layer's values into their own (arXiv:2410.17897).</summary>
[Architecture("value-residual", Rope = RopeKind.HalfSplit), Names(typeof(LlamaNames))]
public partial class ValueResidual : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public partial class Layer : Block, IAttention, IGatedFeedForward
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("KvHeads, 1", Hf = "self_attn.value_mix")] public partial Weight AttnVMix { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }

        public (Tensor X, Tensor First) Forward(Tensor x, Tensor? first)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            first ??= v;
            v += (first - v) * AttnVMix;
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim)));

            h = FfnNorm.Of(x);
            return (x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h)), first);
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        Tensor? first = null;
        foreach (var layer in Layers) (x, first) = layer.Forward(x, first);
        return TokenEmbd.Logits(OutputNorm.Of(x));
    }
}
