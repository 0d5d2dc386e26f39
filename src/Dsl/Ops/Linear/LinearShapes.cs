namespace ArchGen;

internal static class LinearShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.GetRows, "get_rows", ["table", "ids"], [], GetRows, TableWork),
        new(Op.Linear, "linear", ["x", "weight", "bias?", "scale?"], [], Linear, ProductWork),
        new(Op.HeadLinear, "head_linear", ["x", "weight"], [], HeadLinear, ProductWork),
        new(Op.ExpertLinear, "expert_linear", ["x", "weight", "experts", "bias?", "scale?"], [], ExpertLinear, ExpertWork),
    ];

    /// <summary>table [rows, width], ids [T] -> [T, width].</summary>
    private static Shape GetRows(OpCall call) => new(call.Rank(1, 1)[0], call.Rank(0, 2)[1]);

    /// <summary>x [.., in], weight [out, in] -> [.., out].</summary>
    private static Shape Linear(OpCall call)
    {
        var weight = call.Rank(1, 2);
        call.Equal(call[0].Last, weight[1], 0, "its last dimension");
        call.Same(2, new Shape(weight[0]));
        call.Same(3, new Shape(1));
        return call[0].WithLast(weight[0]);
    }

    /// <summary>x [T, heads, in], weight [heads, out, in] -> [T, heads, out].</summary>
    private static Shape HeadLinear(OpCall call)
    {
        Shape x = call.Rank(0, 3), weight = call.Rank(1, 3);
        call.Equal(x[1], weight[0], 0, "the number of heads");
        call.Equal(x[2], weight[2], 0, "its last dimension");
        return new Shape(x[0], x[1], weight[1]);
    }

    /// <summary>x [T, in] or [T, used, in], weight [experts, out, in], experts [T, used] -> [T, used, out].</summary>
    private static Shape ExpertLinear(OpCall call)
    {
        Shape x = call[0], weight = call.Rank(1, 3), experts = call.Rank(2, 2);
        call.Equal(x.Last, weight[2], 0, "its last dimension");
        if (x.Rank == 3) call.Equal(x[1], experts[1], 0, "the number of experts used");
        call.Same(3, new Shape(weight[0], weight[1]));
        call.Same(4, new Shape(weight[0]));
        return new Shape(x[0], experts[1], weight[1]);
    }

    /// <summary>Each id reads a row of the table.</summary>
    private static OpWork TableWork(WorkCall call) => new() { BytesPerRow = call.Bytes(0) / call.Size(0, 0) };

    /// <summary>A multiplication and an addition with each weight; all weights are read.</summary>
    private static OpWork ProductWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(1, -1),
        Bytes = call.Bytes(1) + call.Bytes(2) + call.Bytes(3),
    };

    /// <summary>The same with the weights of the experts that are used.</summary>
    private static OpWork ExpertWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(1, -1),
        BytesPerExpert = (call.Bytes(1) + call.Bytes(3) + call.Bytes(4)) / call.Size(1, 0),
    };
}
