namespace ArchGen.Architectures;

/// <summary>What Qwen 1.5 to Qwen 3 share: rotations, and configs with a window that no published model has (arXiv:2407.10671, arXiv:2505.09388).</summary>
[Architecture("qwen-decoder", Rope = RopeKind.HalfSplit)]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public abstract partial class QwenDecoder : Decoder;
