namespace ArchGen.Architectures;

/// <summary>Command R7B and Command A: Command R, three layers that slide and are rotated to each full one, which is not (arXiv:2504.00698).</summary>
[Architecture("cohere2", Rope = RopeKind.Interleaved)]
public partial class Cohere2 : BaseDecoder
{
    [Tensor("Embd")] public partial LayerNorm OutputNorm { get; }

    [HyperParameter("logit_scale", Hf = "logit_scale")] public partial float LogitScale { get; }
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern|layer_types", Values = "sliding_attention=1|full_attention=0",
        Unless = "4", Default = "4")]
    public partial LayerPattern SlidingPattern { get; }

    public partial class Layer : Block, IAttention, IGatedFeedForward
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }

        public bool IsSliding => SlidingPattern[Index];

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + SelfAttention.Of(this, h, Position, 1 / Sqrt(HeadDim), window: IsSliding ? SlidingWindow : 0) + SwiGlu.Of(this, h);
        }

        private Tensor Position(Tensor heads) => IsSliding ? Rope(heads) : heads;
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
    protected override Tensor Logits(Tensor x) => base.Logits(x) * LogitScale;
}

// Checkpoints.
[HuggingFace("Cohere2ForCausalLM", Rope = RopeKind.Interleaved), Hf(nameof(RopeDims), "rotary_pct*hidden_size/num_attention_heads|head_dim")]
[ConfigIs("use_qk_norm", "false"), ConfigIs("use_parallel_block", "true"), ConfigIs("use_gated_activation", "true")]
[IgnoredConfig("order_of_interleaved_layers|position_embedding_type|layer_switch|use_embedding_sharing|use_parallel_embedding", "layer_types says the same")]
public partial class Cohere2;
