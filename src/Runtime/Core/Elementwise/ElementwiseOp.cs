namespace ArchGen.Runtime.Elementwise;

/// <summary>What is done with an operation whose function is known at compile time.</summary>
internal interface IElementwiseVisitor<out TResult>
{
    TResult Unary<TOperation>(TOperation operation) where TOperation : struct, IUnary;

    TResult Binary<TOperation>() where TOperation : struct, IBinary;
}

/// <summary>The function of each elementwise operation.</summary>
internal static class ElementwiseOp
{
    /// <summary>Whether an operation is elementwise.</summary>
    public static bool Is(Op op) => OpTable.Of(op).Family == OpFamily.Elementwise;

    /// <summary>Hands the function of an elementwise operation to a visitor.</summary>
    public static TResult Visit<TVisitor, TResult>(Op op, Attributes attributes, TVisitor visitor)
        where TVisitor : struct, IElementwiseVisitor<TResult> => op switch
    {
        Op.Add => visitor.Binary<Add>(),
        Op.Subtract => visitor.Binary<Subtract>(),
        Op.Multiply => visitor.Binary<Multiply>(),
        Op.Divide => visitor.Binary<Divide>(),
        Op.Scale => visitor.Unary(new Scale(attributes.Single(Attr.Factor))),
        Op.Affine => visitor.Unary(new Affine(attributes.Single(Attr.Factor), attributes.Single(Attr.Offset))),
        Op.Clamp => visitor.Unary(new Clamp(attributes.Single(Attr.Min), attributes.Single(Attr.Max))),
        Op.Silu => visitor.Unary(default(Silu)),
        Op.Gelu => visitor.Unary(default(Gelu)),
        Op.GeluTanh => visitor.Unary(default(GeluTanh)),
        Op.GeluQuick => visitor.Unary(default(GeluQuick)),
        Op.GeluTable => visitor.Unary(default(GeluTable)),
        Op.Relu => visitor.Unary(default(Relu)),
        Op.ReluSquared => visitor.Unary(default(ReluSquared)),
        Op.Xielu => visitor.Unary(new Xielu(
            attributes.Single(Attr.AlphaPositive), attributes.Single(Attr.AlphaNegative), attributes.Single(Attr.Beta), attributes.Single(Attr.Epsilon))),
        Op.Sigmoid => visitor.Unary(default(Sigmoid)),
        Op.Tanh => visitor.Unary(default(Tanh)),
        Op.Softplus => visitor.Unary(default(Softplus)),
        Op.Exp => visitor.Unary(default(Exp)),
        Op.Sqrt => visitor.Unary(default(Sqrt)),
        _ => throw new InvalidOperationException($"{OpTable.Of(op).Word}: this is no elementwise operation"),
    };

    /// <summary>Computes an elementwise operation; one of one operand has it as <paramref name="a"/>.</summary>
    public static T Apply<T>(Op op, Attributes attributes, T a, T b) where T : struct, IMath<T> =>
        Visit<Application<T>, T>(op, attributes, new Application<T>(a, b));

    private readonly struct Application<T>(T a, T b) : IElementwiseVisitor<T> where T : struct, IMath<T>
    {
        public T Unary<TOperation>(TOperation operation) where TOperation : struct, IUnary => operation.Apply(a);

        public T Binary<TOperation>() where TOperation : struct, IBinary => TOperation.Apply(a, b);
    }
}
