namespace ArchGen.Architectures;

/// <summary>EmbeddingGemma: Gemma 3 whose tokens attend both ways; two matrices after pooling (arXiv:2509.20354).</summary>
[Architecture("gemma-embedding"), Default(nameof(IsCausal), "false")]
public partial class GemmaEmbedding : Gemma3, IDenseHead
{
    protected override Tensor Logits(Tensor x) => x;
    protected override Tensor Project(Tensor row) => DenseHead.Of(this, row);
}

// Checkpoints.
[HuggingFace("Gemma3TextModel"), Hf(nameof(IsCausal), "false"), IgnoredTensors("output.weight", "embeddings need no logits")]
public partial class GemmaEmbedding;
