namespace ArchGen.Architectures;

/// <summary>Qwen 1.5, 2 and 2.5: Llama with biases on queries, keys and values (arXiv:2407.10671).</summary>
[Architecture("qwen2", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[Quantization(WideValueBlocks = 80)]
[HuggingFace("Qwen2ForCausalLM", "Qwen2Model"), ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[Hf(nameof(SlidingWindow), "0", Unless = "0"), Hf(nameof(SlidingPattern), "1", Unless = "1")]
[IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
[IgnoredConfig("dual_chunk_attention_config", "it is for contexts beyond the trained one, and transformers does not read it")]
[ConfigDefaults("vocab_size=151936|hidden_size=4096|intermediate_size=22016|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=32"
    + "|max_position_embeddings=32768|rms_norm_eps=1e-6|rope_theta=10000")]
public partial class Qwen2 : Llama;
