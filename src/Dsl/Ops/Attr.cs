using System;

namespace ArchGen;

/// <summary>The attributes of operations: numbers in addition to the operands. A parameter of a function sets the attribute of the same name.</summary>
public enum Attr
{
    /// <summary>The number that a norm adds to the mean square or variance.</summary>
    Epsilon,

    /// <summary>The factor of a scale.</summary>
    Factor,

    /// <summary>The summand after a scale.</summary>
    Offset,

    /// <summary>The minimum of a clamp.</summary>
    Min,

    /// <summary>The maximum of a clamp.</summary>
    Max,

    /// <summary>The factor of x squared in xIELU, for positive x.</summary>
    AlphaPositive,

    /// <summary>The factor of exp(x) - 1 - x in xIELU, for negative x.</summary>
    AlphaNegative,

    /// <summary>The factor of x in xIELU.</summary>
    Beta,

    /// <summary>A number of heads, experts or repetitions.</summary>
    Count,

    /// <summary>The first element of a slice.</summary>
    Start,

    /// <summary>The number of elements of a slice.</summary>
    Length,

    /// <summary>A number of groups.</summary>
    Groups,

    /// <summary>The jitter of SparseMixer, which gives its threshold.</summary>
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

    /// <summary>The number of tokens that a token attends to; 0: all.</summary>
    Window,

    /// <summary>The limit of scores: softcap tanh(score / softcap); 0: none.</summary>
    Softcap,

    /// <summary>The largest bias of ALiBi (arXiv:2108.12409); 0: none.</summary>
    AlibiMaxBias,

    /// <summary>The distance from which on all tokens share a bucket of relative positions (arXiv:1910.10683).</summary>
    BucketsMaxDistance,

    /// <summary>The number of the KV cache of a causal attention; -1: none.</summary>
    Layer,

    /// <summary>1 if a rotary embedding turns back by the same angles; it may be absent.</summary>
    Inverse,
}

/// <summary>Properties of attributes.</summary>
internal static class AttrExtensions
{
    /// <summary>Whether it is a whole number: a count, a length, an index, or a member of an enumeration.</summary>
    public static bool IsWhole(this Attr attribute) => attribute switch
    {
        Attr.Count or Attr.Start or Attr.Length or Attr.Groups or Attr.Kind or Attr.Dims or Attr.OriginalContext or Attr.Truncated or Attr.Mask
            or Attr.Window or Attr.BucketsMaxDistance or Attr.Layer or Attr.Inverse => true,
        Attr.Epsilon or Attr.Factor or Attr.Offset or Attr.Min or Attr.Max or Attr.AlphaPositive or Attr.AlphaNegative or Attr.Beta
            or Attr.Jitter or Attr.FreqBase or Attr.FreqScale or Attr.ExtFactor
            or Attr.AttnFactor or Attr.BetaFast or Attr.BetaSlow or Attr.Softcap or Attr.AlibiMaxBias => false,
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Say whether it is a whole number."),
    };

    /// <summary>Whether a node may lack it, which is then 0: rotations that turn back are rare, and listings say so only there.</summary>
    public static bool MayBeAbsent(this Attr attribute) => attribute == Attr.Inverse;
}
