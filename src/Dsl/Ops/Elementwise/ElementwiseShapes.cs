namespace ArchGen;

internal static class ElementwiseShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Add, "add", ["a", "b"], [], call => call.Broadcast(0, 1), Work),
        new(Op.Subtract, "subtract", ["a", "b"], [], call => call.Broadcast(0, 1), Work),
        new(Op.Multiply, "multiply", ["a", "b"], [], call => call.Broadcast(0, 1), Work),
        new(Op.Divide, "divide", ["a", "b"], [], call => call.Broadcast(0, 1), Work),
        new(Op.Scale, "scale", ["x"], [Attr.Factor], call => call[0], Work),
        new(Op.Affine, "affine", ["x"], [Attr.Factor, Attr.Offset], call => call[0], Work),
        new(Op.Clamp, "clamp", ["x"], [Attr.Min, Attr.Max], call => call[0], Work),
        Unary(Op.Silu, "silu"), Unary(Op.Gelu, "gelu"), Unary(Op.GeluTanh, "gelu_tanh"), Unary(Op.GeluQuick, "gelu_quick"), Unary(Op.GeluTable, "gelu_f16_table"),
        Unary(Op.Relu, "relu"), Unary(Op.ReluSquared, "relu_squared"), Unary(Op.Sigmoid, "sigmoid"), Unary(Op.Tanh, "tanh"),
        Unary(Op.Softplus, "softplus"), Unary(Op.Exp, "exp"),
    ];

    private static OpSpec Unary(Op op, string word) => new(op, word, ["x"], [], call => call[0], Work);

    /// <summary>One operation for each element, however long it takes.</summary>
    private static OpWork Work(WorkCall call) => new() { FlopsPerRow = call.Outputs, Bytes = call.Bytes(0) + call.Bytes(1) };
}
