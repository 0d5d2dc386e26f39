using System;

namespace ArchGen;

/// <summary>The numbers that belong to an operation beside its operands. A parameter of an operation's method names the attribute of the same name.</summary>
public enum Attr
{
    Epsilon, Factor, Offset, Min, Max,
    Count, Start, Length, Groups, Jitter,
    Kind, Dims, FreqBase, FreqScale, ExtFactor, AttnFactor, BetaFast, BetaSlow, OriginalContext, Truncated,
    Mask, Window, Softcap, AlibiMaxBias, BucketsMaxDistance, Layer,
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
