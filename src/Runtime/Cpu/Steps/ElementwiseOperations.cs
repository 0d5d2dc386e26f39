using System.Numerics;
using System.Runtime.CompilerServices;
using ArchGen.Eager;

namespace ArchGen.Cpu.Steps;

internal readonly struct Add : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a + b;
}

internal readonly struct Subtract : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a - b;
}

internal readonly struct Multiply : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a * b;
}

internal readonly struct Divide : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a / b;
}

internal readonly struct Scale(float factor) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => x * factor;
}

internal readonly struct Affine(float factor, float offset) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => (x * factor) + new Vector<float>(offset);
}

internal readonly struct Clamp(float min, float max) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => Vector.Min(Vector.Max(x, new Vector<float>(min)), new Vector<float>(max));
}

/// <summary>x * sigmoid(x) (arXiv:1702.03118).</summary>
internal readonly struct Silu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => x / (Vector<float>.One + VectorMath.Exp(-x));
}

/// <summary>x * P(X &lt;= x), X normal (arXiv:1606.08415).</summary>
internal readonly struct Gelu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => x * 0.5f * (Vector<float>.One + VectorMath.Erf(x * 0.70710678118654752f));
}

/// <summary>Gelu with its tanh approximation (arXiv:1606.08415).</summary>
internal readonly struct GeluTanh : IUnary
{
    // 0.5 (1 + tanh(u)) is sigmoid(2u), without the cancellation for negative u.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) =>
        x * VectorMath.Sigmoid(x * 1.5957691216057308f * Vector.MultiplyAddEstimate(x * x, new Vector<float>(0.044715f), Vector<float>.One));
}

/// <summary>Gelu approximated as x * sigmoid(1.702 x) (arXiv:1606.08415).</summary>
internal readonly struct GeluQuick : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => x * VectorMath.Sigmoid(x * 1.702f);
}

/// <summary>GELU from a table in half precision: to compare with a reference that reads one, not for speed.</summary>
internal readonly struct GeluTableLookup : IUnary
{
    public Vector<float> Apply(Vector<float> x)
    {
        for (var i = 0; i < Vector<float>.Count; i++) x = x.WithElement(i, GeluTable.Of(x[i]));
        return x;
    }
}

internal readonly struct Relu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);
}

/// <summary>relu(x)^2 (arXiv:2109.08668).</summary>
internal readonly struct ReluSquared : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x)
    {
        var positive = Vector.Max(x, Vector<float>.Zero);
        return positive * positive;
    }
}

internal readonly struct Sigmoid : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => VectorMath.Sigmoid(x);
}

internal readonly struct Tanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => VectorMath.Tanh(x);
}

internal readonly struct Softplus : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => VectorMath.Softplus(x);
}

internal readonly struct Exp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => VectorMath.Exp(x);
}

internal readonly struct Sqrt : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> x) => Vector.SquareRoot(x);
}
