namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of Llama, and of most decoders in transformers since.</summary>
public static class LlamaNames
{
    public const string TokenEmbd = "model.embed_tokens";
    public const string OutputNorm = "model.norm";
    public const string Output = "lm_head";
    public const string Layers = "model.layers.{i}";
    public const string AttnNorm = "input_layernorm";
    public const string AttnQ = "self_attn.q_proj";
    public const string AttnK = "self_attn.k_proj";
    public const string AttnV = "self_attn.v_proj";
    public const string AttnQNorm = "self_attn.q_norm";
    public const string AttnKNorm = "self_attn.k_norm";
    public const string AttnOutput = "self_attn.o_proj";
    public const string FfnNorm = "post_attention_layernorm";
    public const string FfnGate = "mlp.gate_proj";
    public const string FfnUp = "mlp.up_proj";
    public const string FfnDown = "mlp.down_proj";
    public const string FfnGateInp = "mlp.gate";
    public const string FfnGateExps = "mlp.experts.{e}.gate_proj";
    public const string FfnUpExps = "mlp.experts.{e}.up_proj";
    public const string FfnDownExps = "mlp.experts.{e}.down_proj";
}
