namespace ArchGen.Runtime.Elementwise;

/// <summary>
/// The numbers that elementwise operations are written over, once for all backends: floats in the lanes of a vector on a processor, or terms that write the
/// instructions of a shader. A NaN stays one as far as the backend's instructions keep it.
/// </summary>
internal interface IMath<T> where T : struct, IMath<T>
{
    static abstract implicit operator T(float value);

    static abstract T operator -(T x);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>a * b + c, rounded once or twice, whichever is faster.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    static abstract T Abs(T x);

    /// <summary><paramref name="yes"/> where a &lt; b, else <paramref name="no"/>, also where one of the two is NaN.</summary>
    static abstract T WhereLess(T a, T b, T yes, T no);

    static abstract T Sqrt(T x);

    static abstract T Exp(T x);

    /// <summary>ln(1 + x) for x from 0 to 1, exact for small x too.</summary>
    static abstract T LogOnePlus(T x);

    /// <summary>The value of ggml's table of GELU in half precision (<see cref="Eager.GeluTable"/>).</summary>
    static abstract T GeluTable(T x);
}

/// <summary>An elementwise operation of one operand.</summary>
internal interface IUnary
{
    T Apply<T>(T x) where T : struct, IMath<T>;
}

/// <summary>An elementwise operation of two operands.</summary>
internal interface IBinary
{
    static abstract T Apply<T>(T a, T b) where T : struct, IMath<T>;
}
