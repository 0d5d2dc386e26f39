namespace ArchGen.Architectures;

/// <summary>EmbeddingGemma: Gemma 3 whose tokens attend both ways; two matrices after pooling (arXiv:2509.20354).</summary>
[Architecture("gemma-embedding"), Default(nameof(IsCausal), "false")]
public partial class GemmaEmbedding : Gemma3
{
    [HyperParameter("dense_2_feat_out", Default = "0")] public partial int ProjectedWidth { get; }
    [Tensor("ProjectedWidth, Embd", Name = "dense_2")] public partial Linear? Dense2 { get; }
    [Tensor("Embd, ProjectedWidth", Name = "dense_3")] public partial Linear? Dense3 { get; }

    protected override Tensor Logits(Tensor x) => x;

    protected override Tensor Project(Tensor row) => Dense2 is null || Dense3 is null ? row : Dense3.Of(Dense2.Of(row));
}

// Checkpoints.
[HuggingFace("Gemma3TextModel"), Hf(nameof(IsCausal), "false"), IgnoredTensors("output.weight", "embeddings need no logits")]
public partial class GemmaEmbedding;
