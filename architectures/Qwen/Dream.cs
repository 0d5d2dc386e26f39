namespace ArchGen.Architectures;

/// <summary>Dream: Qwen2 that attends both ways and fills in masked tokens (arXiv:2508.15487).</summary>
[Architecture("dream"), Default(nameof(IsCausal), "false")]
public partial class Dream : Qwen2;

// Checkpoints.
[Hf(nameof(IsCausal), "false"), HuggingFace("DreamModel"), IgnoredConfig("max_window_layers|mask_token_id", "no layer slides; the tokenizer has the mask")]
public partial class Dream;
