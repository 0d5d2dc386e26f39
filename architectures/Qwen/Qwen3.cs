namespace ArchGen.Architectures;

/// <summary>Qwen3: Llama with a norm on each head's queries and keys (arXiv:2505.09388).</summary>
[Architecture("qwen3", Rope = RopeKind.HalfSplit)]
public partial class Qwen3 : Llama
{
    protected override Tensor Rank(Tensor row) => Softmax(ClsOutput!.Of(row));

    public partial class QkNormLayer : Layer
    {
        [Tensor("HeadDim")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim")] public partial RmsNorm AttnKNorm { get; }

        protected override Tensor Query(Tensor h) => Position(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Position(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
    }
}

// Checkpoints.
[HuggingFace("Qwen3ForCausalLM", "Qwen3Model")]
[Hf(nameof(SlidingWindow), "0", Unless = "0"), Hf(nameof(SlidingPattern), "1", Unless = "1")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class Qwen3;
