namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of GPT-NeoX, and of BLOOM and Falcon, which call the same modules of a layer alike.</summary>
public static class NeoXNames
{
    public const string TokenEmbd = "gpt_neox.embed_in|transformer.word_embeddings";
    public const string TokenEmbdNorm = "transformer.word_embeddings_layernorm";
    public const string OutputNorm = "gpt_neox.final_layer_norm|transformer.ln_f";
    public const string Output = "embed_out|lm_head";
    public const string Layers = "gpt_neox.layers.{i}|transformer.h.{i}";
    public const string AttnNorm = "input_layernorm";
    public const string AttnQkv = "attention.query_key_value|self_attention.query_key_value";
    public const string AttnOutput = "attention.dense|self_attention.dense";
    public const string FfnNorm = "post_attention_layernorm";
    public const string FfnUp = "mlp.dense_h_to_4h";
    public const string FfnDown = "mlp.dense_4h_to_h";
}
