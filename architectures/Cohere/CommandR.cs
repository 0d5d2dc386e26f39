namespace ArchGen.Architectures;

/// <summary>Command R: attention and feed-forward network side by side on one norm without bias, logits scaled (Cohere 2024).</summary>
[Architecture("command-r", Rope = RopeKind.Interleaved)]
public partial class CommandR : BaseDecoder
{
    [Tensor("Embd")] public partial LayerNorm OutputNorm { get; }

    [HyperParameter("logit_scale", Hf = "logit_scale", Default = "1")] public partial float LogitScale { get; }

    public partial class Layer : Block, IHeadNorms, IGatedFeedForward
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + SelfAttention.Of(this, h, q => Rope(q), 1 / Sqrt(HeadDim)) + SwiGlu.Of(this, h);
        }
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
    protected override Tensor Logits(Tensor x) => base.Logits(x) * LogitScale;
}

// Checkpoints.
[HuggingFace("CohereForCausalLM", Rope = RopeKind.Interleaved)]
[Hf(nameof(ContextLength), "model_max_length|max_position_embeddings"), IgnoredConfig("use_qk_norm", "the tensors tell")]
public partial class CommandR;
