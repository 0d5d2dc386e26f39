namespace ArchGen.Architectures;

/// <summary>A decoder whose layers share keys and values in groups; the first layer of each computes them (arXiv:2405.12981).</summary>
[Architecture("shared-keys", Rope = RopeKind.HalfSplit)]
public partial class SharedKeys : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [KvCache("KvHeads, HeadDim")] public partial KvCache Shared { get; }

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

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var q = Rope(AttnQ.Of(h).Heads(Heads));
            x += AttnOutput.Of(HasKeys
                ? Attention(q, Rope(AttnK.Of(h).Heads(KvHeads)), AttnV.Of(h).Heads(KvHeads), 1 / Sqrt(HeadDim), cache: Shared)
                : Attention(q, Shared, 1 / Sqrt(HeadDim)));

            h = FfnNorm.Of(x);
            return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    public override Tensor Forward(Tokens tokens) => TokenEmbd.Logits(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
