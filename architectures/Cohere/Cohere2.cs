namespace ArchGen.Architectures;

/// <summary>Command R7B and Command A: Command R, three layers that slide and are rotated to each full one, which is not (arXiv:2504.00698).</summary>
[Architecture("cohere2", Rope = RopeKind.Interleaved)]
public partial class Cohere2 : ParallelCohere
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern|layer_types", Values = "sliding_attention=1|full_attention=0",
        Unless = "4", Default = "4")]
    public partial LayerPattern SlidingPattern { get; }

    public partial class Layer : CohereLayer, IAttention, IWindow
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, SlidingPattern[Index] ? Rotary : RotaryEmbedding.None, 1 / Sqrt(HeadDim), Window);
    }
}

// Checkpoints.
[HuggingFace("Cohere2ForCausalLM", Rope = RopeKind.Interleaved), Hf(nameof(RopeDims), "rotary_pct*hidden_size/num_attention_heads|head_dim")]
[ConfigIs("use_qk_norm", "false"), ConfigIs("use_parallel_block", "true"), ConfigIs("use_gated_activation", "true")]
[IgnoredConfig("order_of_interleaved_layers|position_embedding_type|layer_switch|use_embedding_sharing|use_parallel_embedding", "layer_types says the same")]
public partial class Cohere2;
