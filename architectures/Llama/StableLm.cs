namespace ArchGen.Architectures;

/// <summary>StableLM 2 and StableLM Zephyr: layer norms, a part of each head rotated; the 12 B model has one norm for both parts (arXiv:2402.17834).</summary>
[Architecture("stablelm", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class StableLm : LayerNormDecoder
{
    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual", Default = "false")] public partial bool IsParallel { get; }
    public bool IsSequential => !IsParallel;

    public partial class Layer : Block, IHeadNorms, IGatedFeedForward
    {
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", RequiredIf = nameof(IsSequential), Bias = Bias.Required)] public partial LayerNorm? FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            x += SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
            return x + SwiGlu.Of(this, FfnNorm?.Of(x) ?? h);
        }
    }
}

// Checkpoints.
[HuggingFace("StableLmForCausalLM", "StableLMEpochForCausalLM")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|rope_pct*hidden_size/num_attention_heads")]
[Hf(nameof(IHeadNorms.AttnQNorm), "self_attn.q_layernorm.norms.{e}"), Hf(nameof(IHeadNorms.AttnKNorm), "self_attn.k_layernorm.norms.{e}")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), IgnoredConfig("qk_layernorm", "the tensors tell")]
public partial class StableLm;
