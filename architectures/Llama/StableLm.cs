namespace ArchGen.Architectures;

/// <summary>StableLM 2 and StableLM Zephyr: layer norms, a part of each head rotated; the 12 B model has one norm for both parts (arXiv:2402.17834).</summary>
[Architecture("stablelm", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class StableLm : LayerNormDecoder
{
    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual", Default = "false")] public partial bool IsParallel { get; }

    public bool IsSequential => !IsParallel;

    public partial class Layer : GatedLayer
    {
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads, HeadDim", Hf = "self_attn.q_layernorm.norms.{e}")] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads, HeadDim", Hf = "self_attn.k_layernorm.norms.{e}")] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", RequiredIf = nameof(IsSequential), Bias = Bias.Required)] public partial LayerNorm? FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(KvHeads), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(Rope(AttnQNorm?.Of(q) ?? q), Rope(AttnKNorm?.Of(k) ?? k), v, 1 / Sqrt(HeadDim)));
            if (FfnNorm is not null) h = FfnNorm.Of(x);
            return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }
}

// Checkpoints.
[HuggingFace("StableLmForCausalLM", "StableLMEpochForCausalLM")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|rope_pct*hidden_size/num_attention_heads")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), IgnoredConfig("qk_layernorm", "the tensors tell")]
public partial class StableLm;
