namespace ArchGen.Architectures;

/// <summary>OLMo 2: Llama with norms after each part instead of before, and on the whole of queries and keys (arXiv:2501.00656).</summary>
[Architecture("olmo2", Rope = RopeKind.HalfSplit), Default(nameof(SlidingPattern), "4")]
public partial class Olmo2 : Llama
{
    public partial class OlmoLayer : Layer, IPostNorm
    {
        [Tensor("Heads*HeadDim")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("KvHeads*HeadDim")] public partial RmsNorm AttnKNorm { get; }

        public override bool IsSliding => SlidingWindow > 0 && SlidingPattern[Index];

        protected override Tensor AttentionBranch(Tensor x) => PostAttentionNorm.Of(SelfAttention(x));
        protected override Tensor FeedForwardBranch(Tensor x) => PostFfwNorm.Of(FeedForward(x));
        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h)).Heads(Heads), Factors(h), scaled: !IsSliding);
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h)).Heads(KvHeads), Factors(h), scaled: !IsSliding);
    }
}

// Checkpoints.
[HuggingFace("Olmo2ForCausalLM")]
public partial class Olmo2;
