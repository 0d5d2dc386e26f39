using System;

namespace ArchGen;

/// <summary>The numbers that belong to an operation beside its operands. A parameter of an operation's method names the attribute of the same name.</summary>
public enum Attr
{
    /// <summary>What a norm adds to the mean square or variance.</summary>
    Epsilon,

    /// <summary>The factor of a scale.</summary>
    Factor,

    /// <summary>What is added after a scale.</summary>
    Offset,

    /// <summary>The least value of a clamp.</summary>
    Min,

    /// <summary>The largest value of a clamp.</summary>
    Max,

    /// <summary>A number of heads, experts or repetitions.</summary>
    Count,

    /// <summary>The first element of a slice.</summary>
    Start,

    /// <summary>The number of elements of a slice.</summary>
    Length,

    /// <summary>A number of groups.</summary>
    Groups,

    /// <summary>The threshold of the sparse mixer's choice.</summary>
    Jitter,

    /// <summary>The rotary embedding's kind, a <see cref="RopeKind"/>.</summary>
    Kind,

    /// <summary>The number of elements of a head that are rotated.</summary>
    Dims,

    /// <summary>The base of the frequencies.</summary>
    FreqBase,

    /// <summary>The factor of positions: linear scaling (arXiv:2306.15595).</summary>
    FreqScale,

    /// <summary>YaRN: the share of extrapolation, 0 to 1 (arXiv:2309.00071).</summary>
    ExtFactor,

    /// <summary>YaRN: the factor of the rotated values.</summary>
    AttnFactor,

    /// <summary>YaRN: rotations above which a pair is not interpolated.</summary>
    BetaFast,

    /// <summary>YaRN: rotations below which a pair is interpolated.</summary>
    BetaSlow,

    /// <summary>The context length before it was extended.</summary>
    OriginalContext,

    /// <summary>YaRN: 1 if the limits are rounded to whole pairs, 0 if not.</summary>
    Truncated,

    /// <summary>The mask of attention, an <see cref="AttentionMask"/>.</summary>
    Mask,

    /// <summary>The number of tokens that a token sees; 0: all.</summary>
    Window,

    /// <summary>The limit of scores: softcap tanh(score / softcap); 0: none.</summary>
    Softcap,

    /// <summary>The largest bias of ALiBi (arXiv:2108.12409); 0: none.</summary>
    AlibiMaxBias,

    /// <summary>The distance from which on all tokens share a bucket of relative positions (arXiv:1910.10683).</summary>
    BucketsMaxDistance,

    /// <summary>The ordinal of the cache that a causal attention keeps its keys and values in; -1: none.</summary>
    Layer,
}

/// <summary>What is true of a number wherever it is used.</summary>
internal static class AttrExtensions
{
    /// <summary>Whether it is a whole number: a count, a length, a place, or one of a list of choices.</summary>
    public static bool IsWhole(this Attr attribute) => attribute switch
    {
        Attr.Count or Attr.Start or Attr.Length or Attr.Groups or Attr.Kind or Attr.Dims or Attr.OriginalContext or Attr.Truncated or Attr.Mask
            or Attr.Window or Attr.BucketsMaxDistance or Attr.Layer => true,
        Attr.Epsilon or Attr.Factor or Attr.Offset or Attr.Min or Attr.Max or Attr.Jitter or Attr.FreqBase or Attr.FreqScale or Attr.ExtFactor
            or Attr.AttnFactor or Attr.BetaFast or Attr.BetaSlow or Attr.Softcap or Attr.AlibiMaxBias => false,
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Say whether it is a whole number."),
    };
}
