namespace ArchGen.Architectures;

/// <summary>ChatGLM 2 to 4, GLM-4 of transformers: Llama with half of each head rotated, biases on queries, keys and values (arXiv:2406.12793).</summary>
[Architecture("chatglm", Rope = RopeKind.Interleaved)]
public partial class ChatGlm : Decoder
{
    public partial class Layer : PreNormLayer, IAnyAttention, IPackedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints of the authors' code and of transformers.
[HuggingFace("GlmForCausalLM", "ChatGLMModel", "ChatGLMForConditionalGeneration", Rope = RopeKind.Interleaved)]
[Hf(nameof(ContextLength), "seq_length|hidden_size"), Hf(nameof(Ff), "ffn_hidden_size|intermediate_size")]
[Hf(nameof(BlockCount), "num_hidden_layers|num_layers")]
[Hf(nameof(KvHeads), "multi_query_group_num|num_key_value_heads"), Hf(nameof(RmsEpsilon), "layernorm_epsilon|rms_norm_eps")]
[Hf(nameof(HeadDim), "kv_channels|head_dim", Unless = "hidden_size/num_attention_heads"), Hf(nameof(RopeFreqBase), "10000*rope_ratio|rope_theta|10000")]
[Hf(nameof(RopeDims), "partial_rotary_factor*head_dim|partial_rotary_factor*hidden_size/num_attention_heads|kv_channels/2|hidden_size/num_attention_heads/2")]
[Hf(nameof(TokenEmbd), "model.embed_tokens|transformer.embedding.word_embeddings"), Hf(nameof(OutputNorm), "model.norm|transformer.encoder.final_layernorm")]
[Hf(nameof(Output), "lm_head|transformer.output_layer"), Hf(nameof(Layers), "model.layers.{i}|transformer.encoder.layers.{i}")]
[Hf(nameof(Layer.AttnQkv), "self_attention.query_key_value"), Hf(nameof(Layer.AttnOutput), "self_attn.o_proj|self_attention.dense")]
[Hf(nameof(Layer.FfnUp), "mlp.gate_up_proj|mlp.dense_h_to_4h"), Hf(nameof(Layer.FfnDown), "mlp.down_proj|mlp.dense_4h_to_h")]
[ConfigIs("rmsnorm|multi_query_attention|post_layer_norm|original_rope", "true"), ConfigIs("add_bias_linear", "false")]
[ConfigIs("apply_residual_connection_post_layernorm|interleaved_qkv|prefix_projection", "false"), ConfigIs("pre_seq_len", "null")]
[IgnoredConfig("max_position_embeddings|padded_vocab_size|add_qkv_bias", "other keys and the tensors tell")]
[IgnoredConfig("apply_query_key_layer_scaling|attention_softmax_in_fp32|bias_dropout_fusion|fp32_residual_connection", "precision and speed")]
public partial class ChatGlm;
