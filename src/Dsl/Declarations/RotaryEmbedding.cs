namespace ArchGen;

/// <summary>
/// A rotary position embedding (RoPE, arXiv:2104.09864) as a value: what is rotated and how fast. A block's <see cref="Block.Rotary"/> is the model's; another
/// is stated with what differs, <c>Rotary with { FreqBase = SlidingFreqBase, IsScaled = false }</c>. Parts take it, and <see cref="Of"/> applies it.
/// </summary>
public sealed record RotaryEmbedding
{
    private readonly RopeScaling _scaling = RopeScaling.None;

    private RotaryEmbedding()
    {
    }

    internal RotaryEmbedding(DecoderModel model)
    {
        (Kind, Dims, FreqBase, _scaling) = (model.RopeKind, model.RopeDims, model.RopeFreqBase, model.RopeScaling);
        OriginalContext = _scaling.OriginalContext;
    }

    /// <summary>No rotation: for a layer without positions.</summary>
    public static RotaryEmbedding None { get; } = new() { Kind = RopeKind.None };

    /// <summary>
    /// The pairs of elements that are rotated; by default the architecture's. On a text, multimodal rotary embedding (M-RoPE, arXiv:2409.12191), whose
    /// sections take several positions each, is <see cref="RopeKind.HalfSplit"/>: all positions of a token are the same.
    /// </summary>
    public RopeKind Kind { get; init; }

    /// <summary>The number of elements of a head, from the first on, that are rotated; by default <see cref="DecoderModel.RopeDims"/>.</summary>
    public int Dims { get; init; }

    /// <summary>The base of the frequencies; by default <see cref="DecoderModel.RopeFreqBase"/>.</summary>
    public float FreqBase { get; init; }

    /// <summary>Whether the file's scaling of positions (linear, YaRN) applies; by default it does.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>Whether the limits of YaRN's ramp are rounded to whole pairs, as in the paper's code; by default they are.</summary>
    public bool IsTruncated { get; init; } = true;

    /// <summary>Whether it turns back by the same angles, as on what attention to rotated values returns; by default it does not.</summary>
    public bool IsInverse { get; init; }

    /// <summary>A divisor per frequency, [dims/2] (Llama 3); by default none.</summary>
    public Weight? Factors { get; init; }

    /// <summary>The divisors of a run longer than <see cref="OriginalContext"/>, if there are no <see cref="Factors"/> (arXiv:2402.13753).</summary>
    public Weight? LongFactors { get; init; }

    /// <summary>The divisors of a shorter run.</summary>
    public Weight? ShortFactors { get; init; }

    /// <summary>The length of a run beyond which <see cref="LongFactors"/> apply, in positions; by default that of the file's scaling.</summary>
    public int OriginalContext { get; init; }

    /// <summary>Queries or keys x [T, heads, d] -> [T, heads, d]; x itself if the kind is none.</summary>
    public Tensor Of(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Kind == RopeKind.None) return x;
        var scaling = IsScaled ? _scaling : RopeScaling.None;
        (Attr, double)[] inverse = IsInverse ? [(Attr.Inverse, 1)] : [];
        var factors = Factors ?? (x.SequenceLength > OriginalContext ? LongFactors : ShortFactors);
        return x.Apply(
            Op.Rope,
            new Attributes([
                (Attr.Kind, (int)Kind), (Attr.Dims, Dims), (Attr.FreqBase, FreqBase), (Attr.FreqScale, scaling.FreqScale),
                (Attr.ExtFactor, scaling.ExtFactor), (Attr.AttnFactor, scaling.AttnFactor), (Attr.BetaFast, scaling.BetaFast),
                (Attr.BetaSlow, scaling.BetaSlow), (Attr.OriginalContext, scaling.OriginalContext), (Attr.Truncated, IsTruncated ? 1 : 0), .. inverse,
            ]),
            factors?.In(x.Evaluation));
    }

    /// <summary>What a part does to the heads of queries and keys: <see cref="Of"/>.</summary>
    public static implicit operator Func<Tensor, Tensor>(RotaryEmbedding rotary) => Guard.NotNull(rotary).Of;
}
