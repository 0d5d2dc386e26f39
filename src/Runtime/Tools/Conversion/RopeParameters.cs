using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// Translates the scaling of a checkpoint's rotary embeddings beyond the trained context to keys and tensors of the file: linear, YaRN
/// (arXiv:2309.00071), LongRoPE (arXiv:2402.13753) and the frequency factors of Llama 3.1.
/// </summary>
internal sealed class RopeParameters(CheckpointConfig config, string scope)
{
    /// <summary>Adds the keys under <c>rope.scaling</c> and returns the factors of frequencies that the file has as tensors, by name.</summary>
    /// <param name="add">Takes a key without prefix.</param>
    /// <param name="rotated">The number of elements of a head that are rotated.</param>
    /// <param name="freqBase">The base of the frequencies.</param>
    /// <exception cref="ArchGenException">The type of scaling is not known, or one of its numbers is missing or wrong.</exception>
    public IReadOnlyDictionary<string, float[]> Translate(Action<string, GgufValue> add, int rotated, double freqBase)
    {
        var factors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var type = config.RopeType(scope);
        switch (type)
        {
            case "default":
            // Dynamic NTK changes nothing within the trained context, and files have no key for it.
            case "dynamic":
                break;
            case "linear":
                add("type", GgufValue.From("linear"));
                add("factor", GgufValue.From((float)Required("factor")));
                break;
            // In transformers, Phi-3 with factors uses LongRoPE, whatever the type is called.
            case "yarn" when config.Find($"{scope}.short_factor") is null:
                Yarn(add);
                break;
            case "llama3":
                factors["rope_freqs.weight"] = Llama3(rotated, freqBase);
                break;
            case "longrope" or "su" or "yarn":
                LongRope(add, factors);
                break;
            default:
                throw config.Error(
                    scope, $"has the type '{type}', expected default, linear, dynamic, yarn, llama3 or longrope. Convert with a program that knows it");
        }

        IgnoreUnused(type);
        return factors;
    }

    /// <summary>Ignores the keys that the computation of a type does not depend on: transformers only warns of them.</summary>
    private void IgnoreUnused(string type)
    {
        if (type is "default" or "dynamic") config.Ignore(scope);
        foreach (var key in new[] { "rope_theta", "partial_rotary_factor", "finetuned" }) config.Ignore($"{scope}.{key}");
        if (type is "yarn" or "longrope" or "su") return;
        foreach (var key in new[] { "attention_factor", "attn_factor", "extrapolation_factor", "truncate", "beta_*", "mscale*" })
        {
            config.Ignore($"{scope}.{key}");
        }

        if (type != "linear") return;
        foreach (var key in new[] { "original_max_position_embeddings", "*_freq_factor" }) config.Ignore($"{scope}.{key}");
    }

    private void Yarn(Action<string, GgufValue> add)
    {
        var factor = Required("factor");
        add("type", GgufValue.From("yarn"));
        add("factor", GgufValue.From((float)factor));
        if (Number("original_max_position_embeddings") is { } context) add("original_context_length", GgufValue.From((uint)context));
        if (Number("beta_fast") is { } fast) add("yarn_beta_fast", GgufValue.From((float)fast));
        if (Number("beta_slow") is { } slow) add("yarn_beta_slow", GgufValue.From((float)slow));
        double? mscale = Number("mscale"), allDimensions = Number("mscale_all_dim");
        if (allDimensions is { } all && all != 0) add("yarn_log_multiplier", GgufValue.From((float)(0.1 * all)));
        var own = 1 + (0.1 * Math.Log(factor));
        // The author multiplies by attention_factor, or by the quotient of the two scales; readers by default by 1 + 0.1 ln(factor). YaRN's first
        // implementation, and files for it, multiply that by attn_factor.
        var multiplier = Number("attention_factor")
            ?? (mscale is { } scale && allDimensions is { } dims && dims != 0 ? Scale(factor, scale) / Scale(factor, dims) : null);
        if (Number("attn_factor") is { } relative) multiplier ??= own * relative;
        if (Number("extrapolation_factor") is { } mixed && mixed != 1)
        {
            throw config.Error(
                $"{scope}.extrapolation_factor", $"is {mixed}, expected 1: transformers mixes in the whole of YaRN's ramp. Remove the key, or correct it");
        }

        var readers = allDimensions is not (null or 0) ? 1 : own;
        if (multiplier is { } wanted && Math.Abs(wanted - readers) > 1e-6) add("attn_factor", GgufValue.From((float)(wanted / readers)));
    }

    private static double Scale(double factor, double mscale) => factor <= 1 ? 1 : (0.1 * mscale * Math.Log(factor)) + 1;

    /// <summary>The divisor of each frequency, [rotated / 2]: the factor for long waves, 1 for short ones, a mixture for those between.</summary>
    private float[] Llama3(int rotated, double freqBase)
    {
        double factor = Required("factor"), context = Required("original_max_position_embeddings");
        double low = Required("low_freq_factor"), high = Required("high_freq_factor");
        var factors = new float[rotated / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var wave = 2 * Math.PI * Math.Pow(freqBase, 2.0 * i / rotated);
            var smooth = ((context / wave) - low) / (high - low);
            factors[i] = wave < context / high ? 1 : wave > context / low ? (float)factor : (float)(1 / (((1 - smooth) / factor) + smooth));
        }

        return factors;
    }

    private void LongRope(Action<string, GgufValue> add, Dictionary<string, float[]> factors)
    {
        var context = config.Find("max_position_embeddings")?.NumberOrNull() ?? throw config.Error("max_position_embeddings", "is missing; LongRoPE needs it");
        var original = Number("original_max_position_embeddings") ?? config.Find("original_max_position_embeddings")?.NumberOrNull()
            ?? throw config.Error("original_max_position_embeddings", "is missing; LongRoPE needs it");
        var scale = Number("factor") ?? (context / original);
        var attention = Number("attention_factor") ?? (scale <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(scale) / Math.Log(original))));
        foreach (var key in new[] { "long_mscale", "short_mscale" })
        {
            if (Number(key) is not { } own || Math.Abs(own - attention) <= 1e-6) continue;
            throw config.Error($"{scope}.{key}", $"is {own}, expected {attention}: files have one multiplier for both lengths");
        }

        add("attn_factor", GgufValue.From((float)attention));
        add("original_context_length", GgufValue.From((uint)original));
        factors["rope_factors_long.weight"] = List("long_factor");
        factors["rope_factors_short.weight"] = List("short_factor");
    }

    private float[] List(string key) => config.Find($"{scope}.{key}") is { ValueKind: JsonValueKind.Array } list
        && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number)
        ? [.. list.EnumerateArray().Select(e => (float)e.GetDouble())]
        : throw config.Error($"{scope}.{key}", "is missing or no list of numbers");

    private double Required(string key) => Number(key) ?? throw config.Error($"{scope}.{key}", "is missing, expected a number");

    private double? Number(string key) => config.Find($"{scope}.{key}") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when double.IsFinite(number.GetDouble()) => number.GetDouble(),
        { } other => throw config.Error($"{scope}.{key}", $"is {CheckpointConfig.Text(other)}, expected a number"),
    };
}
