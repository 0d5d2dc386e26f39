namespace ArchGen.Architectures;

/// <summary>MiniCPM: Granite's multipliers, computed from depth and width (arXiv:2404.06395).</summary>
[Architecture("minicpm"), Default(nameof(EmbeddingScale), "12"), Default(nameof(ResidualScale), "0"), Default(nameof(LogitScale), "0")]
public partial class MiniCpm : Granite
{
    // Files have them as keys; the first ones, of the 2 B model, had none.
    public override float BranchScale => ResidualScale != 0 ? ResidualScale : 1.4f / Sqrt(BlockCount);
    public override float Divisor => LogitScale != 0 ? LogitScale : 256f / Embd;
}

// Checkpoints.
[HuggingFace("MiniCPMForCausalLM"), Hf(nameof(EmbeddingScale), "scale_emb"), Hf(nameof(ResidualScale), "scale_depth/sqrt(num_hidden_layers)")]
[Hf(nameof(LogitScale), "hidden_size/dim_model_base")]
public partial class MiniCpm;
