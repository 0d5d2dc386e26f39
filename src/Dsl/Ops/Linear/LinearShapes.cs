namespace ArchGen;

internal static class LinearShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(Op.GetRows, "get_rows", [Slot.Table.AsStored(), Slot.Ids], GetRows, TableWork, new("GET_ROWS")),
        Spec(Op.Linear, "linear", [Slot.X, Slot.Weight.AsStored(), Slot.Bias.OrEmpty(), Slot.Scale.OrEmpty()], Linear, ProductWork,
            new("MUL_MAT") { HasNodesOfOptionalOperands = true }),
        Spec(Op.HeadLinear, "head_linear", [Slot.X, Slot.Weight.AsStored()], HeadLinear, ProductWork, new("MUL_MAT")),
        Spec(Op.ExpertLinear, "expert_linear", [Slot.X, Slot.Weight.AsStored(), Slot.Experts, Slot.Bias.OrEmpty(), Slot.Scale.OrEmpty()],
            ExpertLinear, ExpertWork, new("MUL_MAT_ID") { HasNodesOfOptionalOperands = true }),
    ];

    private static OpSpec Spec(
        Op op, string word, OperandSpec[] operands, System.Func<OpCall, Shape> shape, System.Func<WorkCall, OpWork> work, GgmlPeer ggml) => new()
        {
            Op = op,
            Family = OpFamily.Linear,
            Word = word,
            Operands = operands,
            Attributes = [],
            ShapeRule = shape,
            WorkRule = work,
            Rows = RowDependence.Own,
            IsInteger = false,
            Nonlinearity = Nonlinearity.None,
            HidesErrors = false,
            Tolerance = 1e-10,
            Ggml = ggml,
        };

    /// <summary>table [rows, width], ids [T] -> [T, width].</summary>
    private static Shape GetRows(OpCall call) => new(call.Rank(Slot.Ids, 1)[0], call.Rank(Slot.Table, 2)[1]);

    /// <summary>x [.., in], weight [out, in] -> [.., out].</summary>
    private static Shape Linear(OpCall call)
    {
        var weight = call.Rank(Slot.Weight, 2);
        call.Equal(call[Slot.X].Last, weight[1], Slot.X, "its last dimension");
        call.Same(Slot.Bias, new Shape(weight[0]));
        call.Same(Slot.Scale, new Shape(1));
        return call[Slot.X].WithLast(weight[0]);
    }

    /// <summary>x [T, heads, in], weight [heads, out, in] -> [T, heads, out].</summary>
    private static Shape HeadLinear(OpCall call)
    {
        Shape x = call.Rank(Slot.X, 3), weight = call.Rank(Slot.Weight, 3);
        call.Equal(x[1], weight[0], Slot.X, "the number of heads");
        call.Equal(x[2], weight[2], Slot.X, "its last dimension");
        return new Shape(x[0], x[1], weight[1]);
    }

    /// <summary>x [T, in] or [T, used, in], weight [experts, out, in], experts [T, used] -> [T, used, out].</summary>
    private static Shape ExpertLinear(OpCall call)
    {
        Shape x = call[Slot.X], weight = call.Rank(Slot.Weight, 3), experts = call.Rank(Slot.Experts, 2);
        call.Equal(x.Last, weight[2], Slot.X, "its last dimension");
        if (x.Rank == 3) call.Equal(x[1], experts[1], Slot.X, "the number of experts used");
        call.Same(Slot.Bias, new Shape(weight[0], weight[1]));
        call.Same(Slot.Scale, new Shape(weight[0]));
        return new Shape(x[0], experts[1], weight[1]);
    }

    /// <summary>Each id reads a row of the table.</summary>
    private static OpWork TableWork(WorkCall call) => new() { BytesPerRow = call.Bytes(Slot.Table) / call.Size(Slot.Table, 0) };

    /// <summary>A multiplication and an addition with each weight; all weights are read.</summary>
    private static OpWork ProductWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(Slot.Weight, -1),
        Bytes = call.Bytes(Slot.Weight) + call.Bytes(Slot.Bias) + call.Bytes(Slot.Scale),
    };

    /// <summary>The same with the weights of the experts that are used.</summary>
    private static OpWork ExpertWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(Slot.Weight, -1),
        BytesPerExpert = (call.Bytes(Slot.Weight) + call.Bytes(Slot.Bias) + call.Bytes(Slot.Scale)) / call.Size(Slot.Weight, 0),
    };
}
