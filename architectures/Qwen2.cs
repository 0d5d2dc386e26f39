namespace ArchGen.Architectures;

/// <summary>Qwen 1.5, 2 and 2.5: Llama with biases on queries, keys and values (arXiv:2407.10671).</summary>
[Architecture("qwen2", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon), IgnoredScales = "blk.*.ffn_*")]
[Quantization(WideValueBlocks = 80)]
[HuggingFace("Qwen2ForCausalLM", "Qwen2Model"), ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[Hf(nameof(SlidingWindow), "0", Unless = "0"), Hf(nameof(SlidingPattern), "1", Unless = "1"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class Qwen2 : Llama;
