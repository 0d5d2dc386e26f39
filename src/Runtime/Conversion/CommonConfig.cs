namespace ArchGen.Conversion;

/// <summary>Keys of config.json that no architecture's computation depends on, and why.</summary>
internal static class CommonConfig
{
    /// <summary>The keys, by reason; <c>*</c> stands for anything.</summary>
    public static readonly (string Reason, string[] Keys)[] Ignored =
    [
        ("it names the checkpoint", ["architectures", "model_type", "transformers_version", "auto_map", "_name_or_path", "_commit_hash", "name_or_path", "model_name"]),
        ("the tensors' own types are read", ["torch_dtype", "dtype", "init_device", "torchscript", "use_bfloat16"]),
        ("the tokenizer is read from its own files", ["*bos_token_id", "*eos_token_id", "pad_token_id", "*.pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "vocab_size", "tokenizer_class", "model_max_length"]),
        ("it matters for training only", ["*dropout*", "*pdrop", "*_drop", "initializer_*", "*.initializer_range", "*aux_loss*", "*jitter*", "moe_loss_weight", "*.moe_loss_weight", "*.moe_jitter_eps", "router_z_loss*", "gradient_checkpointing", "use_cache", "rescale_prenorm_residual", "time_step_floor", "time_step_max", "time_step_min", "time_step_rank", "ep_size", "seq_aux", "aux_loss_alpha", "sparse_pred*", "label_smoothing"]),
        ("it selects an implementation, not a result", ["attn_implementation", "_attn_implementation*", "*.attn_impl", "use_flash_attn*", "flash_attn*", "fused_*", "deterministic_flash_attn", "reference_compile", "chunk_size", "pretraining_tp", "slow_but_exact", "pad_vocab_size_multiple", "use_xentropy", "residual_in_fp32", "reorder_and_upcast_attn", "softmax_in_fp32", "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "torch_compile*", "*.attn_uses_sequence_id"]),
        ("it selects what transformers returns", ["output_*", "*.output_attentions", "*.output_hidden_states", "return_dict*", "*.return_dict", "problem_type", "id2label*", "label2id*", "*.id2label", "*.label2id", "*.id2label.*", "*.label2id.*", "num_labels", "summary_*", "classifier_*", "task_specific_params*", "finetuning_task", "is_decoder", "add_cross_attention", "is_encoder_decoder", "*.is_encoder_decoder", "cross_attention_hidden_size", "*chunk_size_feed_forward", "prune_heads", "pruned_heads*", "*.architectures", "*.model_type", "*._name_or_path", "*.dtype", "*.prefix_lm", "logits_to_keep", "num_logits_to_keep"]),
        ("the tensors tell: they are there or not", ["tie_word_embeddings", "attention_bias", "mlp_bias", "bias", "use_bias", "qkv_bias", "attention_out_bias", "lm_head_bias", "use_qkv_bias", "use_conv_bias", "no_bias", "norm_bias", "decoder_bias", "mlp_fc1_bias", "mlp_fc2_bias", "qkv_proj_bias"]),
        ("the reader of the checkpoint uses it", ["quantization_config"]),
    ];
}
