namespace ArchGen.Architectures;

/// <summary>Qwen3's mixture of experts: each layer sends a token to a few small experts (arXiv:2505.09388).</summary>
[Architecture("qwen3moe")]
[Default(nameof(ExpertFf), "Ff/ExpertsUsed")]
[HuggingFace("Qwen3MoeForCausalLM"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none"), ConfigIs("norm_topk_prob|use_qk_norm", "true")]
[ConfigDefaults("vocab_size=151936|hidden_size=2048|intermediate_size=6144|num_hidden_layers=24|num_attention_heads=32|num_key_value_heads=4"
    + "|max_position_embeddings=32768|rms_norm_eps=1e-6|moe_intermediate_size=768|num_experts_per_tok=8|num_experts=128|norm_topk_prob=false"
    + "|rope_theta=10000")]
public partial class Qwen3Moe : Qwen3;
