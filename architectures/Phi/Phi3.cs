namespace ArchGen.Architectures;

/// <summary>Phi-3 and Phi-4: Llama with fused matrices, long RoPE by two sets of factors, and a window (arXiv:2404.14219).</summary>
[Architecture("phi3", Rope = RopeKind.HalfSplit)]
public partial class Phi3 : Decoder
{
    [HyperParameter("rope.scaling.original_context_length",
        Hf = "original_max_position_embeddings|rope_parameters.original_max_position_embeddings|rope_scaling.original_max_position_embeddings", Default = "0")]
    public partial int OriginalContext { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attn.qkv_proj", Bias = Bias.Optional)] public partial Linear? AttnQkv { get; }
        [Tensor("Heads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear AttnV { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }
        [Tensor("2*Ff, Embd", Hf = "mlp.gate_up_proj")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = Qkv.Of(AttnNorm.Of(x), AttnQkv, AttnQ, AttnK, AttnV, Heads * HeadDim, KvHeads * HeadDim);
            q = Rope(q.Heads(Heads), Factors(x));
            k = Rope(k.Heads(KvHeads), Factors(x));
            x += AttnOutput.Of(Attention(q, k, v.Heads(KvHeads), 1 / Sqrt(HeadDim)));

            var (gate, up) = FfnUp.Of(FfnNorm.Of(x)).Split(Ff, Ff);
            return x + FfnDown.Of(Silu(gate) * up);
        }

        private Weight? Factors(Tensor x) => x.SequenceLength > OriginalContext ? RopeFactorsLong : RopeFactorsShort;
    }
}

// Checkpoints.
[HuggingFace("Phi3ForCausalLM")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads")]
[Hf(nameof(RopeFreqBase), "rope_theta|10000.0")]
public partial class Phi3;
