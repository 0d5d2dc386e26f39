namespace ArchGen.Architectures;

/// <summary>GPT-NeoX and Pythia: attention and feed-forward network side by side or in turn, a part of each head rotated (arXiv:2204.06745).</summary>
[Architecture("gptneox", Rope = RopeKind.HalfSplit), Names(typeof(NeoXNames)), Untied(nameof(Output))]
public partial class GptNeoX : LayerNormDecoder
{
    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual")] public partial bool IsParallel { get; }
    [HyperParameter("hidden_activation", Hf = "hidden_act", Unless = "'gelu'", Default = "gelu")] public partial string Activation { get; }

    // The checkpoint has for each head its query, its key and its value.
    private Weights Ungrouped(Weights qkv) => qkv.UngroupedQkv(Heads, 1);

    public partial class Layer : Block, ILayerNorms, IPackedAttention, IPlainFeedForward
    {
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", From = nameof(Ungrouped), Bias = Bias.Required)] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Bias = Bias.Required)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Bias = Bias.Required)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var attended = x + SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q), 1 / Sqrt(HeadDim));
            return attended + Ffn.Of(this, FfnNorm.Of(IsParallel ? x : attended), Activate);
        }

        private Tensor Activate(Tensor up) => Activation == "gelu" ? Gelu(up) : GeluTanh(up);
    }
}

// Checkpoints.
[HuggingFace("GPTNeoXForCausalLM")]
[Hf(nameof(RopeFreqBase), "rotary_emb_base|rope_theta", Unless = "10000"), Hf(nameof(RopeDims), "rotary_pct*hidden_size/num_attention_heads")]
[ConfigIs("hidden_act", "gelu|gelu_fast|gelu_new|gelu_pytorch_tanh"), IgnoredWeights("*.attention.bias", "the causal mask")]
public partial class GptNeoX;
