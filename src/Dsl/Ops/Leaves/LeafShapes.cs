namespace ArchGen;

internal static class LeafShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Weight, "weight", [], [], null),
        new(Op.Tokens, "tokens", [], [], null),
        new(Op.Positions, "positions", [], [], null),
        new(Op.Segments, "segments", [], [], null),
        new(Op.Encoded, "encoded", [], [], null),
        new(Op.State, "state", [], [], null),
    ];
}
