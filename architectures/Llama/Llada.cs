namespace ArchGen.Architectures;

/// <summary>LLaDA: Llama that attends both ways and fills in masked tokens (arXiv:2502.09992).</summary>
[Architecture("llada", Rope = RopeKind.Interleaved), Default(nameof(IsCausal), "false")]
public partial class Llada : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("LLaDAModelLM"), Hf(nameof(IsCausal), "false"), Hf(nameof(Ff), "mlp_hidden_size"), Hf(nameof(KvHeads), "n_kv_heads")]
[Hf(nameof(ContextLength), "max_sequence_length")]
[Hf(nameof(TokenEmbd), "model.transformer.wte"), Hf(nameof(OutputNorm), "model.transformer.ln_f"), Hf(nameof(Output), "model.transformer.ff_out")]
[Hf(nameof(Layers), "model.transformer.blocks.{i}"), Hf(nameof(Layer.AttnNorm), "attn_norm"), Hf(nameof(Layer.FfnNorm), "ff_norm")]
[Hf(nameof(Layer.AttnQ), "q_proj"), Hf(nameof(Layer.AttnK), "k_proj"), Hf(nameof(Layer.AttnV), "v_proj"), Hf(nameof(Layer.AttnOutput), "attn_out")]
[Hf(nameof(Layer.FfnGate), "ff_proj"), Hf(nameof(Layer.FfnUp), "up_proj"), Hf(nameof(Layer.FfnDown), "ff_out")]
[ConfigIs("block_type", "llama"), ConfigIs("layer_norm_type", "rms"), ConfigIs("input_emb_norm|attention_layer_norm|scale_logits|alibi", "false")]
[IgnoredConfig("embedding_size|mlp_ratio|multi_query_attention|alibi_bias_max|layer_norm_with_affine|attention_layer_norm_with_affine", "other keys tell")]
[IgnoredConfig("bias_for_layer_norm|include_bias|include_qkv_bias|weight_tying", "the tensors tell")]
[IgnoredConfig("block_group_size|rope|rope_full_precision|init_*|precision|flash_attention|mask_token_id", "no computation depends on them")]
public partial class Llada;
