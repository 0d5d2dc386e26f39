namespace ArchGen.Tools.Quantization.Roles;

/// <summary>
/// The roles of tensors by GGUF's usual names, for architectures without a declaration, and for tensors that a declaration does not use.
/// </summary>
internal static class StandardNames
{
    // Parts of the names of tensors that are not quantized.
    private static readonly string[] Kept =
    [
        "_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight", "altup", "laurel", "per_layer_model_proj", "ssm_conv1d", "shortconv.conv.weight",
        "indexer.k_proj.weight", "indexer.q_proj.weight", "time_mix_first.weight", "time_mix_w0.weight", "time_mix_w1.weight", "time_mix_w2.weight",
        "time_mix_v0.weight", "time_mix_v1.weight", "time_mix_v2.weight", "time_mix_a0.weight", "time_mix_a1.weight", "time_mix_a2.weight",
        "time_mix_g1.weight", "time_mix_g2.weight", "time_mix_decay_w1.weight", "time_mix_decay_w2.weight", "time_mix_lerp_fused.weight",
        "attn_rel_b.weight", ".position_embd", "sam.pos_embd", "sam.neck.", "sam.net_", ".rel_pos", ".patch_embd", ".patch_merger", "a.rvq.codebook",
        "mm.a.code_embd",
    ];

    private static readonly (string Part, TensorRole Role)[] Roles =
    [
        ("attn_qkv.weight", TensorRole.AttentionValue), ("attn_kv_b.weight", TensorRole.AttentionValue), ("attn_v.weight", TensorRole.AttentionValue),
        ("attn_k.weight", TensorRole.AttentionKey), ("attn_q.weight", TensorRole.AttentionQuery), ("attn_output.weight", TensorRole.AttentionOutput),
        ("ffn_up", TensorRole.FeedForwardUp), ("ffn_gate", TensorRole.FeedForwardGate), ("ffn_down", TensorRole.FeedForwardDown),
    ];

    /// <summary>The role of a name.</summary>
    public static TensorRole RoleOf(string name) => name switch
    {
        "output.weight" => TensorRole.Output,
        "token_embd.weight" or "per_layer_token_embd.weight" => TensorRole.TokenEmbedding,
        "position_embd.weight" or "token_types.weight" => TensorRole.Parameter,
        _ when !name.EndsWith("weight", StringComparison.Ordinal) || Kept.Any(part => Has(name, part)) => TensorRole.Parameter,
        _ => Roles.Where(r => Has(name, r.Part)).Select(r => r.Role).FirstOrDefault(TensorRole.Matrix),
    };

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.Ordinal);
}
