using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Keys of published configs that say the same in other words, or nothing at all: the conversion is what it is without them.</summary>
public sealed class ConfigKeyTests
{
    private const string Llama3 = "\"factor\": 8.0, \"high_freq_factor\": 4.0, \"low_freq_factor\": 1.0, \"original_max_position_embeddings\": 64";
    private const string Yarn = "\"factor\": 4.0, \"original_max_position_embeddings\": 64";

    /// <summary>Both configs change the fixture's; they convert, to the same.</summary>
    public static TheoryData<string, string, string> Synonyms => new()
    {
        // The kind of scaling under either name, or both.
        {
            "llama-mha",
            """{"rope_scaling": {"type": "linear", "rope_type": "linear", "factor": 4.0}}""",
            """{"rope_scaling": {"type": "linear", "factor": 4.0}}"""
        },
        { "llama-mha", """{"rope_scaling": {"type": "llama3", "rope_type": "llama3", LLAMA3}}""", """{"rope_scaling": {"rope_type": "llama3", LLAMA3}}""" },
        { "llama-mha", """{"rope_scaling": {"type": "yarn", "rope_type": "yarn", YARN, "finetuned": true}}""", """{"rope_scaling": {"type": "yarn", YARN}}""" },
        {
            "llama-mha",
            """{"rope_scaling": {"type": "yarn", YARN, "attn_factor": 1.0, "extrapolation_factor": 1}}""",
            """{"rope_scaling": {"type": "yarn", YARN}}"""
        },
        // attn_factor is relative to YaRN's own 1 + 0.1 ln(factor), attention_factor is the whole.
        {
            "llama-mha",
            """{"rope_scaling": {"type": "yarn", YARN, "attn_factor": 0.8782488562869419}}""",
            """{"rope_scaling": {"type": "yarn", YARN, "attention_factor": 1.0}}"""
        },
        {
            "llama-mha",
            """{"rope_scaling": {"type": "linear", "factor": 4.0, "original_max_position_embeddings": 64, "beta_fast": 32, "finetuned": false}}""",
            """{"rope_scaling": {"type": "linear", "factor": 4.0}}"""
        },
        { "llama-mha", """{"rope_scaling": {}}""", """{"rope_scaling": null}""" },
        { "llama-mha", """{"rope_scaling": {"rope_type": "default", "factor": 1.0}}""", """{"rope_scaling": null}""" },
        // What stands in the rotary parameters goes before a stale key beside them.
        { "llama-mha", """{"rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}, "rope_theta": 10000.0}""", """{"rope_theta": 500000.0}""" },
        {
            "llama-mha",
            """{"rope_scaling": {"type": "linear", "factor": 4.0, "rope_theta": 500000.0}}""",
            """{"rope_scaling": {"type": "linear", "factor": 4.0}, "rope_theta": 500000.0}"""
        },
        {
            "llama-mha",
            """{"rope_parameters": {"rope_type": "linear", "factor": 4.0}, "rope_scaling": {"rope_type": "linear", "factor": 2.0}}""",
            """{"rope_scaling": {"type": "linear", "factor": 4.0}}"""
        },
        {
            "llama-mha",
            """{"rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}, "rope_scaling": {"rope_type": "linear", "factor": 2.0}}""",
            """{"rope_scaling": {"type": "linear", "factor": 2.0}}"""
        },
        {
            "phi2",
            """{"rope_parameters": {"rope_type": "default", "rope_theta": 20000.0, "partial_rotary_factor": 0.25}, "partial_rotary_factor": 0.5}""",
            """{"rope_theta": 20000.0, "partial_rotary_factor": 0.25}"""
        },
        {
            "gptneox",
            """
            {"rotary_pct": null, "rotary_emb_base": null,
             "rope_parameters": {"rope_type": "default", "rope_theta": 20000.0, "partial_rotary_factor": 0.5}}
            """,
            """{"rotary_pct": 0.5, "rotary_emb_base": 20000}"""
        },
        // One set of parameters for each kind of layer.
        {
            "gemma3",
            """
            {"rope_theta": null, "rope_scaling": null, "rope_local_base_freq": null,
             "rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 2000000.0},
             "sliding_attention": {"rope_type": "default", "rope_theta": 20000.0}}}
            """,
            """{"rope_theta": 2000000.0, "rope_local_base_freq": 20000.0}"""
        },
        {
            "modern-bert",
            """
            {"global_rope_theta": null, "local_rope_theta": null,
             "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 80000.0},
             "sliding_attention": {"rope_type": "default", "rope_theta": 5000.0}}}
            """,
            """{"global_rope_theta": 80000.0, "local_rope_theta": 5000.0}"""
        },
        // Keys that no computation depends on, and values that change nothing.
        { "llama-mha", """{"is_llama_config": true, "rope_interleaved": false, "transformers.js_config": {"kv_cache_dtype": {"q4f16": "float16"}}}""", "{}" },
        { "llama-mha", """{"unsloth_version": "2025.3.1", "unsloth_fixed": true, "max_sequence_length": 2048, "max_length": 4096}""", "{}" },
        {
            "llama-mha",
            """
            {"temperature": 0.6, "do_sample": true, "num_beams": 1, "length_penalty": 1.0, "min_length": 0, "top_k": 50, "repetition_penalty": 1.1,
             "bad_words_ids": [[3]], "prefix": null, "forced_eos_token_id": 2}
            """,
            "{}"
        },
        {
            "llama-mha",
            """
            {"num_nextn_predict_layers": 0, "alibi": false, "use_qk_norm": false, "layer_types": ["full_attention", "full_attention"],
             "embedding_multiplier": 1.0, "final_logit_softcapping": 0.0, "layers_to_skip": [], "note": "", "extra": {}}
            """,
            "{}"
        },
        { "qwen2", """{"use_mrope": false, "max_window_layers": 70}""", "{}" },
        { "phi3", """{"full_attn_mod": 1, "interpolate_factor": 1, "lm_head_bias": false, "mlp_bias": false}""", "{}" },
        { "qwen3moe", """{"use_qk_norm": true, "shared_expert_intermediate_size": 0}""", "{}" },
        // Old names.
        { "phi2", """{"partial_rotary_factor": null, "rotary_dim": 8, "activation_function": "gelu_new", "flash_rotary": false, "n_head_kv": null}""", "{}" },
        { "stablelm", """{"layer_norm_eps": null, "norm_eps": 1e-05, "partial_rotary_factor": null, "rope_pct": 0.25, "rotary_scaling_factor": 1.0}""", "{}" },
        { "mixtral", """{"num_local_experts": null, "num_experts": 4}""", "{}" },
        { "falcon-7b", """{"num_kv_heads": null}""", "{}" },
    };

    [Theory]
    [MemberData(nameof(Synonyms))]
    public void Other_words_convert_to_the_same(string fixture, string changes, string same)
    {
        using var folder = new CheckpointFolder(fixture);
        var expected = PlanDigest.Of(folder, Changed(folder, same));
        Assert.False(expected.StartsWith(PlanDigest.Refused, StringComparison.Ordinal), expected);
        Assert.Equal(expected, PlanDigest.Of(folder, Changed(folder, changes)));
    }

    /// <summary>A key that could change the model passes with no other value than the one that does not.</summary>
    [Theory]
    [InlineData(
        "llama-mha",
        """{"rms_norm_epsilon": 3}""",
        "rms_norm_epsilon = 3 is not known (the nearest key that is known: rms_norm_eps). If the model depends on it, declare it beside a "
        + "hyper-parameter; if it is right to take this value for granted, write [ConfigIs(\"rms_norm_epsilon\", \"3\")]; "
        + "if no computation depends on it, [IgnoredConfig(\"rms_norm_epsilon\", \"WHY\")]; or pass --ignore-config rms_norm_epsilon.")]
    [InlineData("qwen2", """{"use_mrope": true}""", "use_mrope is true; only with false it changes nothing here")]
    [InlineData("llama-mha", """{"use_rope": false}""", "use_rope is false; only with true it changes nothing here")]
    [InlineData("phi3", """{"full_attn_mod": 2}""", "full_attn_mod is 2; only with 1 it changes nothing here")]
    [InlineData("qwen3moe", """{"use_qk_norm": false}""", "use_qk_norm is false, but this architecture computes true")]
    [InlineData("qwen3moe", """{"shared_expert_intermediate_size": 64}""", "shared_expert_intermediate_size is 64; only with 0")]
    [InlineData("starcoder2", """{"mlp_type": "gated"}""", "mlp_type is gated, but this architecture computes default")]
    [InlineData("modern-bert", """{"position_embedding_type": "relative_key"}""", "position_embedding_type is relative_key; only with absolute")]
    [InlineData("falcon-7b", """{"apply_residual_connection_post_layernorm": true}""", "apply_residual_connection_post_layernorm is true; only with false")]
    [InlineData(
        "llama-mha",
        """{"rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "extrapolation_factor": 2.0}}""",
        "rope_scaling.extrapolation_factor is 2, expected 1")]
    [InlineData(
        "llama-mha",
        """{"rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64, "truncate": false}}""",
        "rope_scaling.truncate = false is not known")]
    [InlineData(
        "gemma3",
        """
        {"rope_scaling": null,
         "rope_parameters": {"full_attention": {"rope_theta": 1000000.0}, "sliding_attention": {"rope_type": "linear", "factor": 2.0}}}
        """,
        "rope_parameters.sliding_attention.factor = 2.0 is not known")]
    public void A_value_that_could_change_the_model_is_an_error(string fixture, string changes, string message)
    {
        using var folder = new CheckpointFolder(fixture);
        var digest = PlanDigest.Of(folder, Changed(folder, changes));
        Assert.StartsWith(PlanDigest.Refused, digest, StringComparison.Ordinal);
        Assert.Contains(message, digest, StringComparison.Ordinal);
    }

    /// <summary>GPT-NeoX-20B says gelu_fast; files of llama.cpp have no key for it.</summary>
    [Fact]
    public void An_activation_that_is_not_the_usual_one_is_written()
    {
        using var folder = new CheckpointFolder("gptneox");
        Assert.Contains("gptneox.hidden_activation = gelu_fast", PlanDigest.Of(folder, Changed(folder, """{"hidden_act": "gelu_fast"}""")).Split('\n'));
    }

    private static JsonObject Changed(CheckpointFolder folder, string changes)
    {
        var config = PlanDigest.ConfigOf(folder);
        var json = changes.Replace("LLAMA3", Llama3, StringComparison.Ordinal).Replace("YARN", Yarn, StringComparison.Ordinal);
        foreach (var (key, value) in JsonNode.Parse(json)!.AsObject()) config[key] = value?.DeepClone();
        return config;
    }
}
