namespace ArchGen;

internal static class NormShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(Op.RmsNorm, "rms_norm", [Slot.X, Slot.Weight.OrEmpty()], 3, new("RMS_NORM") { HasNodesOfOptionalOperands = true }),
        Spec(Op.LayerNorm, "layer_norm", [Slot.X, Slot.Weight.OrEmpty(), Slot.Bias.OrEmpty()], 5, new("NORM") { HasNodesOfOptionalOperands = true }),
        Spec(Op.L2Norm, "l2_norm", [Slot.X], 3, new("L2_NORM")),
    ];

    private static OpSpec Spec(Op op, string word, OperandSpec[] operands, int flopsPerElement, GgmlPeer ggml) => new()
    {
        Op = op,
        Family = OpFamily.Norm,
        Word = word,
        Operands = operands,
        Attributes = [Attr.Epsilon],
        ShapeRule = Norm,
        WorkRule = call => Work(call, flopsPerElement),
        Rows = RowDependence.Own,
        IsInteger = false,
        Nonlinearity = Nonlinearity.None,
        HidesErrors = true,
        Tolerance = 1e-10,
        Ggml = ggml,
    };

    /// <summary>x [.., d], weight and bias [d] or [.., d] -> the shape of x. Each row of d elements is normalised separately.</summary>
    private static Shape Norm(OpCall call)
    {
        foreach (var slot in new[] { Slot.Weight, Slot.Bias })
        {
            if (call.Optional(slot) is not { } weight) continue;
            var x = call[Slot.X];
            if (weight.Rank > x.Rank) call.Rank(slot, x.Rank);
            for (var i = 1; i <= weight.Rank; i++)
                call.Equal(x[x.Rank - i], weight[weight.Rank - i], Slot.X, i == 1 ? "its last dimension" : $"dimension {i} from the end");
        }

        return call[Slot.X];
    }

    /// <summary>A number of operations for each element (square, sum and scale; of a layer norm the mean, too), and one each for weight and bias.</summary>
    private static OpWork Work(WorkCall call, int perElement) => new()
    {
        FlopsPerRow = call.Outputs * (perElement + (call.Has(Slot.Weight) ? 1 : 0) + (call.Has(Slot.Bias) ? 1 : 0)),
        Bytes = call.Bytes(Slot.Weight) + call.Bytes(Slot.Bias),
    };
}
