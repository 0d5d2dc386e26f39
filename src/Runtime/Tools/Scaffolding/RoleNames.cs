namespace ArchGen.Tools.Scaffolding;

/// <summary>What further names of published checkpoints stand for: ends of a module's name, and the property that has that role.</summary>
internal static class RoleNames
{
    private static readonly (string Ending, string Property)[] Table =
    [
        ("pre_mlp_layernorm", "FfnNorm"), ("pre_feedforward_layernorm", "FfnNorm"), ("pre_ff_layernorm", "FfnNorm"), ("ffn_norm", "FfnNorm"),
        ("post_mlp_layernorm", "PostFfwNorm"), ("post_feedforward_layernorm", "PostFfwNorm"), ("operator_norm", "AttnNorm"),
        ("self_attn.out_proj", "AttnOutput"), ("attention.dense", "AttnOutput"), ("attention.query_key_value", "AttnQkv"),
        ("q_layernorm", "AttnQNorm"), ("k_layernorm", "AttnKNorm"),
        ("feed_forward.gate_proj", "FfnGate"), ("feed_forward.up_proj", "FfnUp"), ("feed_forward.down_proj", "FfnDown"),
        ("feed_forward.w1", "FfnGate"), ("feed_forward.w3", "FfnUp"), ("feed_forward.w2", "FfnDown"),
        ("router.gate", "FfnGateInp"), ("feed_forward.router", "FfnGateInp"), ("feed_forward.gate", "FfnGateInp"), ("mlp.gate.wg", "FfnGateInp"),
        ("expert_bias", "ExpProbsB"), ("e_score_correction_bias", "ExpProbsB"),
        ("experts.{e}.w1", "FfnGateExps"), ("experts.{e}.w3", "FfnUpExps"), ("experts.{e}.w2", "FfnDownExps"),
        ("shared_expert.gate_proj", "FfnGateShexp"), ("shared_expert.up_proj", "FfnUpShexp"), ("shared_expert.down_proj", "FfnDownShexp"),
        ("shared_mlp.gate_proj", "FfnGateShexp"), ("shared_mlp.up_proj", "FfnUpShexp"), ("shared_mlp.down_proj", "FfnDownShexp"),
        ("final_layernorm", "OutputNorm"), ("embedding_norm", "OutputNorm"), ("word_embeddings", "TokenEmbd"),
    ];

    /// <summary>The property of a module; null if its name says nothing.</summary>
    /// <param name="module">The name of the module.</param>
    /// <param name="all">The names of all modules: a norm before the feed-forward network makes another the one after attention.</param>
    public static string? Of(string module, IReadOnlyCollection<string> all)
    {
        if (module.EndsWith("post_attention_layernorm", StringComparison.Ordinal))
            return all.Any(IsNormBefore) ? "PostAttentionNorm" : null;
        return Table.FirstOrDefault(row => module == row.Ending || module.EndsWith("." + row.Ending, StringComparison.Ordinal)).Property;

        static bool IsNormBefore(string other) => other.Contains(".pre_", StringComparison.Ordinal) && other.EndsWith("layernorm", StringComparison.Ordinal);
    }
}
