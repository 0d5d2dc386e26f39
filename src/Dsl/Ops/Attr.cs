namespace ArchGen;

/// <summary>The numbers that belong to an operation beside its operands. A parameter of an operation's method names the attribute of the same name.</summary>
public enum Attr
{
    Epsilon, Factor, Offset, Min, Max,
    Count, Start, Length, Groups, Jitter,
    Kind, Dims, FreqBase, FreqScale, ExtFactor, AttnFactor, BetaFast, BetaSlow, OriginalContext, Truncated,
    Mask, Window, Softcap, AlibiMaxBias, BucketsMaxDistance, Layer,
}
