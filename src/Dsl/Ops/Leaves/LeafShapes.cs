namespace ArchGen;

internal static class LeafShapes
{
    public static readonly OpSpec[] Specs =
    [
        Leaf(Op.Weight, "weight"),
        Leaf(Op.Tokens, "tokens", isInteger: true),
        Leaf(Op.Positions, "positions", isInteger: true),
        Leaf(Op.Segments, "segments", isInteger: true),
        Leaf(Op.Encoded, "encoded"),
        Leaf(Op.State, "state"),
    ];

    private static OpSpec Leaf(Op op, string word, bool isInteger = false) => new()
    {
        Op = op,
        Family = OpFamily.Leaves,
        Word = word,
        Operands = [],
        Attributes = [],
        ShapeRule = null,
        WorkRule = null,
        Rows = RowDependence.Own,
        IsInteger = isInteger,
        Nonlinearity = Nonlinearity.None,
        HidesErrors = false,
        Tolerance = 0,
        Ggml = GgmlPeer.None,
    };
}
