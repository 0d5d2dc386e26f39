namespace ArchGen.Architectures;

/// <summary>BLOOM: GPT-2 with ALiBi instead of positions, and a norm on the embeddings (arXiv:2211.05100).</summary>
[Architecture("bloom"), Names(typeof(NeoXNames))]
public partial class Bloom : Gpt2
{
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm TokenEmbdNorm { get; }

    public override float AlibiBias => 8;

    protected override Tensor Embed(Tokens tokens) => TokenEmbdNorm.Of(TokenEmbd.Of(tokens));
}

// Checkpoints.
[HuggingFace("BloomForCausalLM", "BloomModel")]
[Hf(nameof(Ff), "4*n_embed|4*hidden_size"), Hf(nameof(Embd), "n_embed|hidden_size"), Hf(nameof(ContextLength), "seq_length|n_embed|hidden_size")]
[Hf(nameof(KvHeads), "n_head|num_attention_heads"), Hf(nameof(Layer.AttnQkv), "self_attention.query_key_value", From = nameof(Ungrouped))]
[ConfigIs("apply_residual_connection_post_layernorm", "false")]
public partial class Bloom;
