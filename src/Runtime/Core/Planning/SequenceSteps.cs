using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Planning;

/// <summary>Cosines and sines of the micro-batch's positions for all rotations of the same numbers: its scratch memory holds them.</summary>
/// <param name="Node">The first of these rotations.</param>
/// <param name="Numbers">Their attributes except the kind: angles do not depend on the pairing of elements.</param>
/// <param name="Factors">A divisor for each frequency, or null.</param>
internal sealed record RotaryTable(Node Node, Attributes Numbers, PlanValue? Factors) : PlanStep(Node, RowDomain.Tokens)
{
    /// <summary>Pairs of elements that are rotated.</summary>
    public int Pairs => Numbers.Int32(Attr.Dims) / 2;

    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => Factors is null ? [] : [Factors];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [];
}

/// <summary>Rotates pairs of elements by the angles of a table (rotary embedding, arXiv:2104.09864).</summary>
/// <param name="Node">The node.</param>
/// <param name="Table">The angles.</param>
/// <param name="X">The operand, [rows, heads, width].</param>
/// <param name="Result">The result; it may overwrite <paramref name="X"/> if nothing is applied to it.</param>
internal sealed record Rotation(Node Node, RotaryTable Table, PlanValue X, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];

    /// <inheritdoc/>
    public override PlanStep Prerequisite => Table;
}

/// <summary>The source of keys and values of attention.</summary>
internal enum KeyOrigin
{
    /// <summary>Among the rows of the micro-batch that belong to the same sequence.</summary>
    Batch,

    /// <summary>In a cache, which holds the micro-batch's own keys and values, too.</summary>
    Cache,

    /// <summary>At the encoder's output.</summary>
    Encoder,
}

/// <summary>Attention over keys and values.</summary>
/// <param name="Node">The node.</param>
/// <param name="Query">Queries [rows, heads, d].</param>
/// <param name="Key">Keys [rows, kvHeads, d].</param>
/// <param name="Value">Values [rows, kvHeads, dv].</param>
/// <param name="Bias">Biases of relative positions [buckets, heads], or null.</param>
/// <param name="Sinks">A logit for each head that is only in the softmax, or null.</param>
/// <param name="Result">The result [rows, heads*dv].</param>
/// <param name="Origin">The source of keys and values.</param>
/// <param name="Cache">The cache, where they are kept in one.</param>
internal sealed record AttentionOperation(
    Node Node, PlanValue Query, PlanValue Key, PlanValue Value, PlanValue? Bias, PlanValue? Sinks, PlanValue Result, KeyOrigin Origin, CacheSpec? Cache)
    : PlanStep(Node, Result.Rows.Domain)
{
    /// <summary>Whether its keys and values are added to the cache first; an earlier attention of the same cache has added them otherwise.</summary>
    public bool Stores { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [.. new[] { Query, Key, Value, Bias, Sinks }.OfType<PlanValue>()];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];
}
