namespace ArchGen.Architectures;

/// <summary>A decoder whose layers share keys and values in groups; the first layer of each computes them (arXiv:2405.12981).</summary>
[Architecture("shared-keys", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
public partial class SharedKeys : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("attention.layers_per_key", Hf = "num_layers_per_key")] public partial int LayersPerKey { get; }

    public partial class Layer : Block, IGatedFeedForward
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj", RequiredIf = nameof(HasKeys))] public partial Linear? AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj", RequiredIf = nameof(HasKeys))] public partial Linear? AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }

        public bool HasKeys => Index % LayersPerKey == 0;

        public (Tensor X, Tensor K, Tensor V) Forward(Tensor x, Tensor? keys, Tensor? values)
        {
            var h = AttnNorm.Of(x);
            var k = HasKeys ? Rope(AttnK.Of(h).Heads(KvHeads)) : keys!;
            var v = HasKeys ? AttnV.Of(h).Heads(KvHeads) : values!;
            x += AttnOutput.Of(Attention(Rope(AttnQ.Of(h).Heads(Heads)), k, v, 1 / Sqrt(HeadDim)));

            h = FfnNorm.Of(x);
            return (x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h)), k, v);
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        Tensor? k = null, v = null;
        foreach (var layer in Layers) (x, k, v) = layer.Forward(x, k, v);
        return TokenEmbd.Logits(OutputNorm.Of(x));
    }
}
