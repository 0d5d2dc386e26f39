namespace ArchGen.Tools.Conversion;

/// <summary>Keys of config.json that no architecture's computation depends on, and why; and values of others that change nothing.</summary>
internal static class CommonConfig
{
    /// <summary>Keys that are ignored, by reason; <c>*</c> matches anything.</summary>
    public static readonly (string Reason, string[] Keys)[] Ignored =
    [
        ("it names the checkpoint",
        [
            "architectures", "model_type", "transformers_version", "auto_map", "_name_or_path", "_commit_hash", "name_or_path", "model_name",
            "tokenizer_name", "base_model*", "license*", "language", "custom_pipelines",
        ]),
        ("it names the program that wrote the file",
        [
            "_from_model_config", "unsloth_*", "is_llama_config", "transformers.js_config", "transformers_weights", "onnx*", "xla_device", "verbose",
            "tf_legacy_loss", "peft_*", "training_*", "custom_generate", "version", "keys_to_ignore*",
        ]),
        ("the tensors' own types are read",
        [
            "torch_dtype", "dtype", "init_device", "torchscript", "use_bfloat16", "fp16", "bf16", "fp32", "params_dtype", "_pre_quantization_dtype",
        ]),
        ("the tokenizer is read from its own files",
        [
            "*bos_token_id", "*eos_token_id*", "pad_token_id", "*.pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id",
            "*bos_token", "*eos_token", "pad_token", "unk_token", "vocab_size", "tokenizer_class", "model_max_length", "padding_side", "truncation_side",
            "special_tokens*", "additional_special_tokens*", "decoder_start_token_id", "*padding_idx", "predict_special_tokens", "max_sequence_length",
            "chat_template",
        ]),
        ("it matters for training only",
        [
            "*dropout*", "*pdrop", "*_drop", "initializer_*", "*.initializer_range", "init_config", "init_method*", "init_std", "initialization*",
            "*aux_loss*", "*z_loss*", "*jitter*", "moe_loss_weight", "*.moe_loss_weight", "*.moe_jitter_eps", "router_z_loss*", "*gradient_checkpointing*",
            "use_cache", "rescale_prenorm_residual", "time_step_floor", "time_step_max", "time_step_min", "time_step_rank", "ep_size", "seq_aux",
            "aux_loss_alpha", "sparse_pred*", "label_smoothing*", "neftune_noise_alpha", "loss_*", "ignore_index", "reset_position_ids",
            "reset_attention_mask",
        ]),
        ("it selects an implementation, not a result",
        [
            "attn_implementation*", "_attn_implementation*", "_experts_implementation*", "experts_implementation", "*.attn_impl", "use_flash*", "_flash*",
            "flash_*", "fused_*", "use_fused*", "masked_softmax_fusion", "bias_*_fusion", "apply_rope_fusion", "deterministic_flash_attn",
            "reference_compile", "repad_logits_with_grad", "chunk_size", "pretraining_tp", "tensor_parallel*", "tensor_model_parallel*", "model_parallel*",
            "max_batch_size", "base_model_tp_plan*", "base_model_pp_plan*", "slow_but_exact", "pad_vocab_size_multiple", "use_xentropy", "residual_in_fp32",
            "reorder_and_upcast_attn", "*softmax_in_fp32", "attention_bias_in_fp32", "torch_compile*", "use_compile", "*.attn_uses_sequence_id",
            "skip_bias_add*", "offset_alibi", "dense_seq_output", "use_memory_efficient*", "use_sdpa*", "use_kernels", "use_triton*",
        ]),
        ("it selects what transformers returns",
        [
            "output_*", "*.output_attentions", "*.output_hidden_states", "return_dict*", "*.return_dict", "use_return_dict", "problem_type", "id2label*",
            "label2id*", "*.id2label", "*.label2id", "*.id2label.*", "*.label2id.*", "num_labels", "_num_labels", "summary_*", "classifier_*", "pooler_*",
            "task_specific_params*", "finetuning_task", "line_by_line", "is_decoder", "add_cross_attention", "add_pooling_layer", "is_encoder_decoder",
            "*.is_encoder_decoder", "cross_attention_hidden_size", "*chunk_size_feed_forward", "prune_heads", "pruned_heads*", "*.architectures",
            "*.model_type", "*._name_or_path", "*.dtype", "*.prefix_lm", "logits_to_keep", "num_logits_to_keep", "tie_encoder_decoder", "directionality",
        ]),
        ("it is a setting of generation, which files of transformers 4 kept here",
        [
            "max_length", "min_length", "max_new_tokens", "min_new_tokens", "max_time", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
            "diversity_penalty", "temperature", "top_k", "top_p", "top_h", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "repetition_penalty",
            "encoder_repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "force_words_ids",
            "constraints", "num_return_sequences", "forced_*", "remove_invalid_values", "renormalize_logits", "exponential_decay_length_penalty",
            "suppress_tokens", "begin_suppress_tokens", "sequence_bias", "token_healing", "guidance_scale", "low_memory", "penalty_alpha", "dola_layers",
            "stop_strings", "prefix", "cache_implementation", "cache_config*", "return_legacy_cache", "prompt_lookup_num_tokens", "assistant_*",
            "num_assistant_tokens*", "watermarking_config", "compile_config*", "disable_compile", "generation_config*",
        ]),
        ("the tensors show it: they are there or not",
        [
            "tie_word_embeddings", "tie_weights_", "tie_embeddings*", "attention_bias", "attn_bias", "mlp_bias", "bias", "use_bias", "qkv_bias",
            "attention_out_bias", "lm_head_bias", "use_qkv_bias", "use_conv_bias", "no_bias", "norm_bias", "decoder_bias", "mlp_fc1_bias", "mlp_fc2_bias",
            "qkv_proj_bias",
        ]),
        ("it matters only with use_sliding_window", ["max_window_layers"]),
        ("the reader of the checkpoint uses it", ["quantization_config"]),
    ];

    /// <summary>
    /// Keys that change a model, or did in another one, and the values with which they change nothing; <c>*</c> matches anything. The first that names
    /// a key counts.
    /// </summary>
    public static readonly (string Values, string[] Keys)[] Off =
    [
        ("false",
        [
            "use_mrope", "rope_interleave*", "*qk_norm", "*qk_layernorm", "*qk_layer_norm", "use_*sliding_window", "use_bidirectional_attention",
            "use_cross_attention", "*alibi", "*post_norm", "use_mup", "is_moe", "moe", "sandwich_norm", "parallel_block*", "*attention_sink*",
            "attn_output_gate", "gated_attention", "attn_temperature_tuning", "scale_embedding", "scale_attn_by_inverse_layer_idx", "residual_moe",
            "apply_residual_connection_post_layernorm",
        ]),
        // Switches of computations that all models here do.
        ("true",
        [
            "use_rope", "use_rotary*", "use_causal*", "use_*residual*", "use_*position*", "use_*norm*", "use_scal*", "use_*glu*", "use_attention*",
            "use_*mask*", "scale_attn_weights",
        ]),
        ("false", ["use_*", "enable_*"]),
        ("0",
        [
            "num_nextn_predict_layers", "num_mtp_*", "mtp_num_*", "n_special", "shared_expert_intermediate_size", "*shared_experts", "num_experts",
            "num_local_experts", "n_routed_experts", "num_experts_per_tok", "moe_intermediate_size", "first_k_dense_replace", "*softcapping",
            "sliding_window", "lora_rank", "attention_sink_size",
        ]),
        ("1",
        [
            "full_attn_mod", "interpolate_factor", "rotary_scaling_factor", "rope_ratio", "rope_scale", "rope_scaling_factor", "embedding_multiplier",
            "residual_multiplier", "logits_scaling", "logit_scale", "scale_emb", "partial_rotary_factor", "rotary_pct", "rope_pct", "rotary_percent",
            "moe_layer_freq", "decoder_sparse_step", "n_group", "topk_group", "global_attn_every_n",
        ]),
        ("-1", ["*sliding_window_size", "attention_window"]),
        ("full_attention", ["layer_types"]),
        ("absolute|rope|rotary", ["position_embedding_type"]),
    ];
}
