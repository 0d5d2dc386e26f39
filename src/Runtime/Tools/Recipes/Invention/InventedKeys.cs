using ArchGen.Gguf;

namespace ArchGen.Tools.Recipes.Invention;

/// <summary>Values of hyper-parameters for a small model: by the key, or else by what the architecture expects there.</summary>
internal static class InventedKeys
{
    // Sizes differ from one another where they may, so that a tensor of a wrong size does not fit.
    private static readonly Dictionary<string, object> Required = new(StringComparer.Ordinal)
    {
        ["vocab_size"] = 96,
        ["context_length"] = 64,
        ["embedding_length"] = 64,
        ["block_count"] = 4,
        ["feed_forward_length"] = 80,
        ["attention.head_count"] = 4,
        ["attention.head_count_kv"] = 2,
        ["attention.key_length"] = 16,
        ["attention.value_length"] = 16,
        ["attention.q_lora_rank"] = 40,
        ["attention.kv_lora_rank"] = 32,
        ["attention.sliding_window"] = 6,
        ["attention.relative_buckets_count"] = 8,
        ["attention.max_alibi_bias"] = 8f,
        ["expert_count"] = 6,
        ["expert_used_count"] = 2,
        ["expert_shared_count"] = 1,
        ["expert_feed_forward_length"] = 48,
        ["leading_dense_block_count"] = 1,
        ["logit_scale"] = 0.4f,
        ["ssm.conv_kernel"] = 4,
        ["ssm.inner_size"] = 128,
        ["ssm.state_size"] = 16,
        ["ssm.time_step_rank"] = 4,
        ["ssm.group_count"] = 2,
        ["xielu.alpha_n"] = 0.8f,
        ["xielu.alpha_p"] = 0.9f,
        ["xielu.beta"] = 0.5f,
        ["xielu.eps"] = 1e-6f,
    };

    // Without these an architecture that has them would not be put to the test: all heads alike, no layer that slides, no element unrotated.
    private static readonly Dictionary<string, object> Worthwhile = new(StringComparer.Ordinal)
    {
        ["attention.head_count_kv"] = 2,
        ["attention.sliding_window"] = 6,
        ["attention.sliding_window_pattern"] = 2,
        ["full_attention_interval"] = 2,
        ["rope.dimension_count"] = 8,
    };

    /// <summary>The value of a key that is required, or null if none can be invented.</summary>
    /// <param name="key">The key without prefix.</param>
    /// <param name="expected">What the architecture expects, in the words of its reader.</param>
    public static GgufValue? Of(string key, string expected)
    {
        if (Required.TryGetValue(key, out var known)) return ValueOf(known);
        if (expected.StartsWith("a whole number", StringComparison.Ordinal)) return GgufValue.From(4u);
        if (expected.StartsWith("a period", StringComparison.Ordinal)) return GgufValue.From(2u);
        if (expected.StartsWith("a number", StringComparison.Ordinal)) return GgufValue.From(NumberFor(key));
        return expected.StartsWith("true or false", StringComparison.Ordinal) ? GgufValue.From(true) : null;
    }

    // An epsilon is small, a cap is not below what it caps; any other number is best not 1, which would be a factor without effect.
    private static float NumberFor(string key) =>
        key.Contains("eps", StringComparison.Ordinal) ? 1e-5f : key.Contains("softcap", StringComparison.Ordinal) ? 2 : 0.5f;

    /// <summary>The value of an optional key whose default would leave a part of the architecture untested; otherwise null.</summary>
    public static GgufValue? Instead(string key) => Worthwhile.TryGetValue(key, out var value) ? ValueOf(value) : null;

    /// <summary>A value as a file holds it; null for one of another kind.</summary>
    public static GgufValue? ValueOf(object value) => value switch
    {
        GgufValue given => given,
        int and >= 0 => GgufValue.From((uint)(int)value),
        int number => GgufValue.From(number),
        uint number => GgufValue.From(number),
        long number => GgufValue.From(number),
        float number => GgufValue.From(number),
        double number => GgufValue.From((float)number),
        bool flag => GgufValue.From(flag),
        string text => GgufValue.From(text),
        int[] numbers => GgufValue.From((int[])numbers.Clone()),
        float[] numbers => GgufValue.From((float[])numbers.Clone()),
        double[] numbers => GgufValue.From(Array.ConvertAll(numbers, n => (float)n)),
        bool[] flags => GgufValue.From((bool[])flags.Clone()),
        string[] texts => GgufValue.From((string[])texts.Clone()),
        _ => null,
    };
}
