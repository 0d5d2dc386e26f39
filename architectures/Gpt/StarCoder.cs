namespace ArchGen.Architectures;

/// <summary>StarCoder: GPT-2 whose query heads share one head of keys and values (arXiv:2305.06161, arXiv:1911.02150).</summary>
[Architecture("starcoder")]
public partial class StarCoder : Gpt2;

// Checkpoints.
[HuggingFace("GPTBigCodeForCausalLM"), ConfigIs("multi_query", "true"), Hf(nameof(KvHeads), "1"), IgnoredConfig("num_key_value_heads", "multi_query says it")]
[Hf(nameof(Layer.AttnQkv), "attn.c_attn"), Hf(nameof(Layer.AttnOutput), "attn.c_proj"), Hf(nameof(Layer.FfnUp), "mlp.c_fc")]
[Hf(nameof(Layer.FfnDown), "mlp.c_proj")]
public partial class StarCoder;
