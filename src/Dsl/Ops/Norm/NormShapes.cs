namespace ArchGen;

internal static class NormShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.RmsNorm, "rms_norm", ["x", "weight?"], [Attr.Epsilon], Norm, call => Work(call, 3)),
        new(Op.LayerNorm, "layer_norm", ["x", "weight?", "bias?"], [Attr.Epsilon], Norm, call => Work(call, 5)),
        new(Op.L2Norm, "l2_norm", ["x"], [Attr.Epsilon], call => call[0], call => Work(call, 3)),
    ];

    /// <summary>x [.., d], weight and bias [d] or [.., d] -> the shape of x. Each row of d elements is normalised by itself.</summary>
    private static Shape Norm(OpCall call)
    {
        for (var slot = 1; slot <= 2; slot++)
        {
            if (call.Optional(slot) is not { } weight) continue;
            if (weight.Rank > call[0].Rank) call.Rank(slot, call[0].Rank);
            for (var i = 1; i <= weight.Rank; i++) call.Equal(call[0][call[0].Rank - i], weight[weight.Rank - i], 0, i == 1 ? "its last dimension" : $"dimension {i} from the end");
        }

        return call[0];
    }

    /// <summary>So many operations for each element (square, sum and scale; of a layer norm the mean, too), and one each for weight and bias.</summary>
    private static OpWork Work(WorkCall call, int perElement) => new()
    {
        FlopsPerRow = call.Outputs * (perElement + (call.Has(1) ? 1 : 0) + (call.Has(2) ? 1 : 0)),
        Bytes = call.Bytes(1) + call.Bytes(2),
    };
}
