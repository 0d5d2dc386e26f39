namespace ArchGen.Architectures;

/// <summary>GPT-NeoX and Pythia: attention and feed-forward network side by side or in turn, a part of each head rotated (arXiv:2204.06745).</summary>
[Architecture("gptneox", Rope = RopeKind.HalfSplit), Names(typeof(NeoXNames)), Untied(nameof(Output))]
public partial class GptNeoX : LayerNormDecoder
{
    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual")] public partial bool IsParallel { get; }
    [HyperParameter("hidden_activation", Hf = "hidden_act", Unless = "'gelu'", Default = "gelu")] public partial string Activation { get; }

    public partial class Layer : Block, ILayerNorms, IBiasedPackedAttention, IBiasedPlainFeedForward
    {
        public Tensor Forward(Tensor x)
        {
            var attended = x + SelfAttention.Of(this, AttnNorm.Of(x), Rotary, 1 / Sqrt(HeadDim));
            return attended + Ffn.Of(this, FfnNorm.Of(IsParallel ? x : attended), up => Activation == "gelu" ? Gelu(up) : GeluTanh(up));
        }
    }
}

// Checkpoints.
[HuggingFace("GPTNeoXForCausalLM"), HfFrom(nameof(Ungrouped), nameof(Layer.AttnQkv))]
[Hf(nameof(RopeFreqBase), "rotary_emb_base|rope_theta", Unless = "10000"), Hf(nameof(RopeDims), "rotary_pct*hidden_size/num_attention_heads")]
[ConfigIs("hidden_act", "gelu|gelu_fast|gelu_new|gelu_pytorch_tanh"), IgnoredWeights("*.attention.bias", "the causal mask")]
public partial class GptNeoX;
