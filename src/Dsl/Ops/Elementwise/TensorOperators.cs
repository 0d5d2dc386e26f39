namespace ArchGen;

/// <content>
/// The operators: between tensors, between a tensor and a declared <see cref="Weight"/>, on either side, and between a tensor and a number. A number is
/// a float in the graph, whatever its C# type.
/// </content>
public sealed partial class Tensor
{
    /// <summary>The sum, element by element.</summary>
    [Op(Op.Add)]
    public static Tensor operator +(Tensor a, Tensor b) => Guard.NotNull(a).Apply(Op.Add, default, Guard.NotNull(b));

    /// <summary>The sum, element by element.</summary>
    [Op(Op.Add)]
    public static Tensor operator +(Tensor a, Weight b) => Guard.NotNull(a) + Guard.NotNull(b).In(a.Evaluation);

    /// <summary>The sum, element by element.</summary>
    [Op(Op.Add)]
    public static Tensor operator +(Weight a, Tensor b) => Guard.NotNull(a).In(Guard.NotNull(b).Evaluation) + b;

    /// <summary>The difference, element by element.</summary>
    [Op(Op.Subtract)]
    public static Tensor operator -(Tensor a, Tensor b) => Guard.NotNull(a).Apply(Op.Subtract, default, Guard.NotNull(b));

    /// <summary>The difference, element by element.</summary>
    [Op(Op.Subtract)]
    public static Tensor operator -(Tensor a, Weight b) => Guard.NotNull(a) - Guard.NotNull(b).In(a.Evaluation);

    /// <summary>The difference, element by element.</summary>
    [Op(Op.Subtract)]
    public static Tensor operator -(Weight a, Tensor b) => Guard.NotNull(a).In(Guard.NotNull(b).Evaluation) - b;

    /// <summary>The product, element by element.</summary>
    [Op(Op.Multiply)]
    public static Tensor operator *(Tensor a, Tensor b) => Guard.NotNull(a).Apply(Op.Multiply, default, Guard.NotNull(b));

    /// <summary>The product, element by element.</summary>
    [Op(Op.Multiply)]
    public static Tensor operator *(Tensor a, Weight b) => Guard.NotNull(a) * Guard.NotNull(b).In(a.Evaluation);

    /// <summary>The product, element by element.</summary>
    [Op(Op.Multiply)]
    public static Tensor operator *(Weight a, Tensor b) => Guard.NotNull(a).In(Guard.NotNull(b).Evaluation) * b;

    /// <summary>The quotient, element by element.</summary>
    [Op(Op.Divide)]
    public static Tensor operator /(Tensor a, Tensor b) => Guard.NotNull(a).Apply(Op.Divide, default, Guard.NotNull(b));

    /// <summary>The quotient, element by element.</summary>
    [Op(Op.Divide)]
    public static Tensor operator /(Tensor a, Weight b) => Guard.NotNull(a) / Guard.NotNull(b).In(a.Evaluation);

    /// <summary>The quotient, element by element.</summary>
    [Op(Op.Divide)]
    public static Tensor operator /(Weight a, Tensor b) => Guard.NotNull(a).In(Guard.NotNull(b).Evaluation) / b;

    /// <summary>The product with a number.</summary>
    [Op(Op.Scale)]
    public static Tensor operator *(Tensor x, double factor) => Guard.NotNull(x).Apply(Op.Scale, new Attributes((Attr.Factor, (float)factor)));

    /// <summary>The product with a number.</summary>
    [Op(Op.Scale)]
    public static Tensor operator *(double factor, Tensor x) => Guard.NotNull(x) * factor;

    /// <summary>The quotient by a number: the product with its inverse.</summary>
    [Op(Op.Scale)]
    public static Tensor operator /(Tensor x, double divisor) => Guard.NotNull(x) * (1 / divisor);

    /// <summary>The negation.</summary>
    [Op(Op.Scale)]
    public static Tensor operator -(Tensor x) => Guard.NotNull(x) * -1;

    /// <summary>The sum with a number.</summary>
    [Op(Op.Affine)]
    public static Tensor operator +(Tensor x, double offset) => Guard.NotNull(x).Affine(1, offset);

    /// <summary>The sum with a number.</summary>
    [Op(Op.Affine)]
    public static Tensor operator +(double offset, Tensor x) => Guard.NotNull(x).Affine(1, offset);

    /// <summary>The difference from a number.</summary>
    [Op(Op.Affine)]
    public static Tensor operator -(Tensor x, double offset) => Guard.NotNull(x).Affine(1, -offset);

    /// <summary>A number minus each element: 1 - x.</summary>
    [Op(Op.Affine)]
    public static Tensor operator -(double offset, Tensor x) => Guard.NotNull(x).Affine(-1, offset);

    private Tensor Affine(double factor, double offset) => Apply(Op.Affine, new Attributes((Attr.Factor, factor), (Attr.Offset, (float)offset)));
}
