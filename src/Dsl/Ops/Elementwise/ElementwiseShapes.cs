namespace ArchGen;

internal static class ElementwiseShapes
{
    public static readonly OpSpec[] Specs =
    [
        // gpt-oss adds the gate to the product last, which ggml fuses.
        Binary(Op.Add, "add", new("ADD", "ADD1", "ADD_ID", "SWIGLU_OAI")),
        Binary(Op.Subtract, "subtract", new("SUB")),
        Binary(Op.Multiply, "multiply", new("MUL", "SWIGLU", "GEGLU", "REGLU", "GEGLU_ERF", "GEGLU_QUICK")),
        Binary(Op.Divide, "divide", new("DIV")),
        Unary(Op.Scale, "scale", Nonlinearity.None, new("SCALE"), Attr.Factor),
        Unary(Op.Affine, "affine", Nonlinearity.None, new("SCALE"), Attr.Factor, Attr.Offset),
        Unary(Op.Clamp, "clamp", Nonlinearity.None, new("CLAMP"), Attr.Min, Attr.Max),
        Unary(Op.Silu, "silu", Nonlinearity.Activation, new("SILU")),
        Unary(Op.Gelu, "gelu", Nonlinearity.Activation, new("GELU", "GELU_ERF") { IsTabulated = true }),
        Unary(Op.GeluTanh, "gelu_tanh", Nonlinearity.Activation, new("GELU", "GELU_ERF") { IsTabulated = true }),
        Unary(Op.GeluQuick, "gelu_quick", Nonlinearity.Activation, new("GELU_QUICK") { IsTabulated = true }),
        // Only compared, never fused with the products around it.
        Unary(Op.GeluTable, "gelu_f16_table", Nonlinearity.Function, GgmlPeer.None),
        Unary(Op.Relu, "relu", Nonlinearity.Activation, new("RELU")),
        Unary(Op.ReluSquared, "relu_squared", Nonlinearity.Activation, new("SQR")),
        Unary(
            Op.Xielu, "xielu", Nonlinearity.Activation, new("XIELU"), Attr.AlphaPositive, Attr.AlphaNegative, Attr.Beta, Attr.Epsilon),
        Unary(Op.Sigmoid, "sigmoid", Nonlinearity.Activation, new("SIGMOID")),
        Unary(Op.Tanh, "tanh", Nonlinearity.Function, new("TANH")),
        Unary(Op.Softplus, "softplus", Nonlinearity.Function, new("SOFTPLUS")),
        Unary(Op.Exp, "exp", Nonlinearity.Function, new("EXP")),
        Unary(Op.Sqrt, "sqrt", Nonlinearity.Function, new("SQRT")),
    ];

    /// <summary>x -> the shape of x.</summary>
    private static OpSpec Unary(Op op, string word, Nonlinearity nonlinearity, GgmlPeer ggml, params Attr[] attributes) => new()
    {
        Op = op,
        Family = OpFamily.Elementwise,
        Word = word,
        Operands = [Slot.X],
        Attributes = attributes,
        ShapeRule = call => call[Slot.X],
        WorkRule = call => Work(call, Slot.X),
        Rows = RowDependence.Own,
        IsInteger = false,
        Nonlinearity = nonlinearity,
        HidesErrors = false,
        Tolerance = 1e-10,
        Ggml = ggml,
    };

    /// <summary>a, b -> the shape that they are broadcast to.</summary>
    private static OpSpec Binary(Op op, string word, GgmlPeer ggml) => new()
    {
        Op = op,
        Family = OpFamily.Elementwise,
        Word = word,
        Operands = [Slot.A, Slot.B],
        Attributes = [],
        ShapeRule = call => call.Broadcast(Slot.A, Slot.B),
        WorkRule = call => Work(call, Slot.A, Slot.B),
        Rows = RowDependence.Own,
        IsInteger = false,
        Nonlinearity = Nonlinearity.None,
        HidesErrors = false,
        Tolerance = 1e-10,
        Ggml = ggml,
    };

    /// <summary>One operation for each element, whatever its cost.</summary>
    private static OpWork Work(WorkCall call, params Slot[] slots)
    {
        double bytes = 0;
        foreach (var slot in slots) bytes += call.Bytes(slot);
        return new() { FlopsPerRow = call.Outputs, Bytes = bytes };
    }
}
