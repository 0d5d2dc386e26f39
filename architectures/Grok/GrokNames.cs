namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of Grok 1, and of Grok 2.</summary>
public static class GrokNames
{
    public const string TokenEmbd = "transformer.in_out_embed|model.embed_tokens";
    public const string OutputNorm = "transformer.rms_norm|model.norm";
    public const string Layers = "transformer.decoder_layer.{i}|model.layers.{i}";
    public const string AttnNorm = "rms_norm|pre_attn_norm";
    public const string AttnQ = "multi_head_attention.query|self_attn.q_proj";
    public const string AttnK = "multi_head_attention.key|self_attn.k_proj";
    public const string AttnV = "multi_head_attention.value|self_attn.v_proj";
    public const string AttnOutput = "multi_head_attention.linear|self_attn.o_proj";
    public const string AttnOutputNorm = "rms_norm_1|post_attn_norm";
    public const string FfnNorm = "rms_norm_2|pre_moe_norm";
    public const string LayerOutputNorm = "rms_norm_3|post_moe_norm";
    public const string FfnGateInp = "router|block_sparse_moe.gate";
    public const string FfnGateExps = "moe.{e}.linear|block_sparse_moe.experts.{e}.w1";
    public const string FfnUpExps = "moe.{e}.linear_v|block_sparse_moe.experts.{e}.w3";
    public const string FfnDownExps = "moe.{e}.linear_1|block_sparse_moe.experts.{e}.w2";
}
