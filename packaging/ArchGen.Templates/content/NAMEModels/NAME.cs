using ArchGen;

namespace NAMEModels;

/// <summary>NAME: say here in a sentence what is new, and where it is published.</summary>
// Question: are the rotated pairs halves of a head (HalfSplit) or neighbours (Interleaved)?
[Architecture("name-in-files", Rope = RopeKind.HalfSplit)]
public partial class NAME : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj")] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj")] public partial Linear AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "mlp.up_proj")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.down_proj")] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var q = Rope(AttnQ.Of(h).Heads(Heads));
            var k = Rope(AttnK.Of(h).Heads(KvHeads));
            var v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim)));
            h = FfnNorm.Of(x);
            return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}

// Checkpoints.
[HuggingFace("NAMEForCausalLM")]
public partial class NAME;
