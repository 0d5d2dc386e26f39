namespace ArchGen.Architectures;

/// <summary>BLOOM: GPT-2 with ALiBi instead of positions, and a norm on the embeddings (arXiv:2211.05100).</summary>
[Architecture("bloom")]
[HuggingFace("BloomForCausalLM", "BloomModel"), ConfigIs("apply_residual_connection_post_layernorm", "false"), Hf(nameof(Ff), "4*n_embed|4*hidden_size")]
[Hf(nameof(Embd), "n_embed|hidden_size"), Hf(nameof(ContextLength), "seq_length|n_embed|hidden_size"), Hf(nameof(KvHeads), "n_head|num_attention_heads")]
[Hf(nameof(TokenEmbd), "transformer.word_embeddings|word_embeddings"), Hf(nameof(Layer.AttnNorm), "input_layernorm")]
[Hf(nameof(Layer.AttnQkv), "self_attention.query_key_value", From = nameof(Ungrouped)), Hf(nameof(Layer.AttnOutput), "self_attention.dense")]
[Hf(nameof(Layer.FfnNorm), "post_attention_layernorm"), Hf(nameof(Layer.FfnUp), "mlp.dense_h_to_4h"), Hf(nameof(Layer.FfnDown), "mlp.dense_4h_to_h")]
[ConfigDefaults("vocab_size=250880|hidden_size=64|n_layer=2|n_head=8|layer_norm_epsilon=1e-5|bos_token_id=1|eos_token_id=2")]
public partial class Bloom : Gpt2
{
    [Tensor("Embd", Hf = "transformer.word_embeddings_layernorm|word_embeddings_layernorm", Bias = Bias.Required)]
    public partial LayerNorm TokenEmbdNorm { get; }

    public override float AlibiBias => 8;

    // The checkpoint has for each head its query, its key and its value.
    private Weights Ungrouped(Weights qkv) => qkv.UngroupedQkv(Heads, 1);

    protected override Tensor Embed(Tokens tokens) => TokenEmbdNorm.Of(TokenEmbd.Of(tokens));
}
