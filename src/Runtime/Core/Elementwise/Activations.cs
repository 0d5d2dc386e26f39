using System.Runtime.CompilerServices;

namespace ArchGen.Runtime.Elementwise;

/// <summary>x * sigmoid(x) (arXiv:1702.03118).</summary>
internal readonly struct Silu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => x / (1 + T.Exp(-x));
}

/// <summary>x * P(X &lt;= x), X normal (arXiv:1606.08415).</summary>
internal readonly struct Gelu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => x * 0.5f * (1 + Functions.Erf(x * 0.70710678118654752f));
}

/// <summary>Gelu with its tanh approximation (arXiv:1606.08415).</summary>
internal readonly struct GeluTanh : IUnary
{
    // 0.5 (1 + tanh(u)) is sigmoid(2u), without the cancellation for negative u.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => x * Functions.Sigmoid(x * 1.5957691216057308f * T.MultiplyAdd(x * x, 0.044715f, 1));
}

/// <summary>Gelu approximated as x * sigmoid(1.702 x) (arXiv:1606.08415).</summary>
internal readonly struct GeluQuick : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => x * Functions.Sigmoid(x * 1.702f);
}

/// <summary>GELU from a table in half precision: to compare with a reference that reads one, not for speed.</summary>
internal readonly struct GeluTable : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => T.GeluTable(x);
}

internal readonly struct Relu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => T.Max(x, 0);
}

/// <summary>relu(x)^2 (arXiv:2109.08668).</summary>
internal readonly struct ReluSquared : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => Functions.Square(T.Max(x, 0));
}

/// <summary>p x^2 + beta x above zero, n (e^min(x, epsilon) - 1 - x) + beta x below (arXiv:2411.13010).</summary>
internal readonly struct Xielu(float positive, float negative, float beta, float epsilon) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T>
    {
        var curve = T.WhereLess(0, x, x * x * positive, (Functions.ExpMinusOne(T.Min(x, epsilon)) - x) * negative);
        return T.MultiplyAdd(x, beta, curve);
    }
}

internal readonly struct Sigmoid : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => Functions.Sigmoid(x);
}

internal readonly struct Tanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => Functions.Tanh(x);
}

internal readonly struct Softplus : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, IMath<T> => Functions.Softplus(x);
}
