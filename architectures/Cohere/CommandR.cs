namespace ArchGen.Architectures;

/// <summary>Command R: attention and feed-forward network side by side on one norm without bias, logits scaled (Cohere 2024).</summary>
[Architecture("command-r", Rope = RopeKind.Interleaved), Default(nameof(LogitScale), "1")]
public partial class CommandR : ParallelCohere
{
    public partial class Layer : CohereLayer, IHeadNorms
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
    }
}

// Checkpoints.
[HuggingFace("CohereForCausalLM", Rope = RopeKind.Interleaved)]
[Hf(nameof(ContextLength), "model_max_length|max_position_embeddings"), IgnoredConfig("use_qk_norm", "the tensors tell")]
public partial class CommandR;
