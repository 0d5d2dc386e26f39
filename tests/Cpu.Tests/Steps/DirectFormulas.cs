using System.Numerics;
using ArchGen.Cpu.Steps;
using ArchGen.Eager;

namespace ArchGen.Cpu.Tests.Steps;

/// <summary>The operations as they would be written for vectors alone: what those over all kinds of numbers are compared with, bit for bit.</summary>
internal static class DirectFormulas
{
    private static Vector<float> One => Vector<float>.One;

    public static Vector<float> Of(Op op, Attributes attributes, Vector<float> a, Vector<float> b) => op switch
    {
        Op.Add => a + b,
        Op.Subtract => a - b,
        Op.Multiply => a * b,
        Op.Divide => a / b,
        Op.Scale => a * attributes.Single(Attr.Factor),
        Op.Affine => (a * attributes.Single(Attr.Factor)) + V(attributes.Single(Attr.Offset)),
        Op.Clamp => Vector.Min(Vector.Max(a, V(attributes.Single(Attr.Min))), V(attributes.Single(Attr.Max))),
        Op.Silu => a / (One + VectorMath.Exp(-a)),
        Op.Gelu => a * 0.5f * (One + Erf(a * 0.70710678118654752f)),
        Op.GeluTanh => a * Sigmoid(a * 1.5957691216057308f * Vector.MultiplyAddEstimate(a * a, V(0.044715f), One)),
        Op.GeluQuick => a * Sigmoid(a * 1.702f),
        Op.GeluTable => Each(a, GeluTable.Of),
        Op.Relu => Vector.Max(a, Vector<float>.Zero),
        Op.ReluSquared => Vector.Max(a, Vector<float>.Zero) * Vector.Max(a, Vector<float>.Zero),
        Op.Sigmoid => Sigmoid(a),
        Op.Tanh => Tanh(a),
        Op.Softplus => Softplus(a),
        Op.Exp => VectorMath.Exp(a),
        Op.Sqrt => Vector.SquareRoot(a),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
    };

    private static Vector<float> V(float value) => new(value);

    private static Vector<float> Each(Vector<float> x, Func<float, float> function)
    {
        for (var i = 0; i < Vector<float>.Count; i++) x = x.WithElement(i, function(x[i]));
        return x;
    }

    private static Vector<float> Sigmoid(Vector<float> x) => One / (One + VectorMath.Exp(-x));

    private static Vector<float> Tanh(Vector<float> x)
    {
        var z = x * x;
        var p = Polynomial(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
        var near = Vector.MultiplyAddEstimate(p * z, x, x);
        var magnitude = Vector.Abs(x);
        var far = One - (new Vector<float>(2f) / (VectorMath.Exp(magnitude + magnitude) + One));
        far = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -far, far);
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, V(0.625f)), near, far);
    }

    private static Vector<float> Softplus(Vector<float> x)
    {
        var e = VectorMath.Exp(-Vector.Abs(x));
        var u = One + e;
        var rounded = u - One;
        var log = Vector.ConditionalSelect(Vector.Equals(rounded, Vector<float>.Zero), e, Vector.Log(u) * e / rounded);
        return Vector.Max(x, Vector<float>.Zero) + log;
    }

    private static Vector<float> Erf(Vector<float> x)
    {
        var c = Vector.Max(Vector.Min(x, V(3.8325069f)), V(-3.8325069f));
        var z = c * c;
        var p = Polynomial(z, 0.00022905065861350646f, 0.0034082910107109506f, 0.050955695062380861f, 0.18520832239976145f, 1.128379143519084f);
        var q = Polynomial(
            z, -1.1791602954361697e-7f, 0.000023547966471313185f, 0.0010179625278914885f, 0.014070470171167667f, 0.11098505178285362f, 0.49746925110067538f, 1);
        return c * p / q;
    }

    private static Vector<float> Polynomial(Vector<float> x, params ReadOnlySpan<float> coefficients)
    {
        var p = V(coefficients[0]);
        foreach (var c in coefficients[1..]) p = Vector.MultiplyAddEstimate(p, x, V(c));
        return p;
    }
}
