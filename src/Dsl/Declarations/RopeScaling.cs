namespace ArchGen;

/// <summary>The scaling of rotary embeddings beyond the trained context: none, linear, or YaRN (arXiv:2309.00071).</summary>
/// <param name="FreqScale">The factor of positions: 1/factor.</param>
/// <param name="ExtFactor">The weight of YaRN's ramp; 0 without YaRN.</param>
/// <param name="AttnFactor">The factor of the rotated elements, without YaRN's own 1 + 0.1 ln(factor).</param>
/// <param name="BetaFast">The number of rotations from which on a frequency is kept.</param>
/// <param name="BetaSlow">The number of rotations up to which a frequency is interpolated.</param>
/// <param name="OriginalContext">The trained context length.</param>
/// <param name="Factor">The scaling factor; 1 for none.</param>
/// <param name="LogMultiplier">DeepSeek's mscale_all_dim times 0.1, or 0.</param>
public sealed record RopeScaling(
    float FreqScale, float ExtFactor, float AttnFactor, float BetaFast, float BetaSlow, int OriginalContext, float Factor, float LogMultiplier)
{
    /// <summary>Unscaled positions.</summary>
    public static RopeScaling None { get; } = new(1, 0, 1, 32, 1, 0, 1, 0);

    /// <summary>
    /// Reads <c>rope.scaling.*</c> of a GGUF file. An absent type is linear, with factor 1 if that is absent too.
    /// With YaRN the kernel multiplies by 1 + 0.1 ln(factor), which <c>attn_factor</c> and a log multiplier change.
    /// </summary>
    internal static RopeScaling Read(HyperParameterReader file, string key)
    {
        var type = file.FindText(key + ".type") ?? "linear";
        var factor = file.FindSingle(key + ".factor") ?? file.FindSingle("rope.scale_linear") ?? 0;
        if (factor <= 0) factor = 1;
        var attnFactor = (file.FindSingle(key + ".attn_factor") ?? 1);
        var originalContext = file.FindInt32(key + ".original_context_length") ?? file.FindInt32("context_length") ?? 0;
        switch (type)
        {
            case "none":
                return None;
            case "linear":
                return None with { FreqScale = 1 / factor, Factor = factor, AttnFactor = attnFactor, OriginalContext = originalContext };
            case "longrope":
                return None with { FreqScale = 1 / factor, Factor = factor, AttnFactor = attnFactor, OriginalContext = originalContext };
            case "yarn":
                var logMultiplier = (file.FindSingle(key + ".yarn_log_multiplier") ?? 0);
                var own = 1 + (0.1f * MathF.Log(factor));
                // With DeepSeek's mscale equal to its mscale_all_dim the two cancel; the attention's scale carries the rest.
                var yarnAttn = logMultiplier != 0 ? 1 / own : (file.FindSingle(key + ".yarn_attn_factor") ?? 1);
                return new RopeScaling(
                    1 / factor, (file.FindSingle(key + ".yarn_ext_factor") ?? 1), yarnAttn * attnFactor,
                    (file.FindSingle(key + ".yarn_beta_fast") ?? 32), (file.FindSingle(key + ".yarn_beta_slow") ?? 1), originalContext, factor, logMultiplier);
            default:
                throw file.Error(key + ".type", $"is '{type}', expected none, linear, yarn or longrope");
        }
    }
}
