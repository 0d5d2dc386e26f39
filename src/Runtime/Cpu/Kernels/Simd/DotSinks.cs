using System.Runtime.CompilerServices;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Simd;

/// <summary>
/// Multiplies the weights with the activations of one or several tokens and adds the products. Each token has two sums, so that additions do not depend
/// on each other, and so many for any number of tokens, so that its result does not; they are fields and not an array, so that they are in registers.
/// </summary>
internal unsafe interface IDotSink<TSelf, TVector> : IWeightSink<TVector>
    where TSelf : struct
    where TVector : struct
{
    /// <summary>Number of tokens.</summary>
    static abstract int Tokens { get; }

    /// <summary>Starts at zero. Where there are fewer <paramref name="tokens"/> than <see cref="Tokens"/>, the last is computed again.</summary>
    static abstract TSelf Create(float* x, long xStride, int tokens);

    /// <summary>The dot product with that token.</summary>
    float Total(int token);
}

/// <summary>Dot products with one token.</summary>
internal unsafe struct DotSink1<TSimd, TVector> : IDotSink<DotSink1<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* _x0;
    private TVector _sum0a, _sum0b;
    private float _rest0;

    public static int Tokens => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DotSink1<TSimd, TVector> Create(float* x, long xStride, int tokens)
    {
        var zero = TSimd.Broadcast(0);
        return new()
        {
            _x0 = x,
            _sum0a = zero,
            _sum0b = zero,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Total(int token) => TSimd.Sum(TSimd.Add(_sum0a, _sum0b)) + _rest0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, TVector weights)
    {
        switch (index / TSimd.Lanes & 1)
        {
            case 0: _sum0a = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0a); break;
            default: _sum0b = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0b); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, float weight)
    {
        _rest0 += weight * _x0[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        _x0 += count;
    }
}

/// <summary>Dot products with 2 tokens.</summary>
internal unsafe struct DotSink2<TSimd, TVector> : IDotSink<DotSink2<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* _x0;
    private float* _x1;
    private TVector _sum0a, _sum0b;
    private TVector _sum1a, _sum1b;
    private float _rest0, _rest1;

    public static int Tokens => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DotSink2<TSimd, TVector> Create(float* x, long xStride, int tokens)
    {
        var zero = TSimd.Broadcast(0);
        return new()
        {
            _x0 = x,
            _x1 = x + Math.Min(1, tokens - 1) * xStride,
            _sum0a = zero,
            _sum0b = zero,
            _sum1a = zero,
            _sum1b = zero,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Total(int token) => token switch
    {
        0 => TSimd.Sum(TSimd.Add(_sum0a, _sum0b)) + _rest0,
        _ => TSimd.Sum(TSimd.Add(_sum1a, _sum1b)) + _rest1,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, TVector weights)
    {
        switch (index / TSimd.Lanes & 1)
        {
            case 0:
                _sum0a = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0a);
                _sum1a = TSimd.MultiplyAdd(weights, TSimd.Load(_x1 + index), _sum1a);
                break;
            default:
                _sum0b = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0b);
                _sum1b = TSimd.MultiplyAdd(weights, TSimd.Load(_x1 + index), _sum1b);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, float weight)
    {
        _rest0 += weight * _x0[index];
        _rest1 += weight * _x1[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        _x0 += count;
        _x1 += count;
    }
}

/// <summary>Dot products with 4 tokens.</summary>
internal unsafe struct DotSink4<TSimd, TVector> : IDotSink<DotSink4<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* _x0;
    private float* _x1;
    private float* _x2;
    private float* _x3;
    private TVector _sum0a, _sum0b;
    private TVector _sum1a, _sum1b;
    private TVector _sum2a, _sum2b;
    private TVector _sum3a, _sum3b;
    private float _rest0, _rest1, _rest2, _rest3;

    public static int Tokens => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DotSink4<TSimd, TVector> Create(float* x, long xStride, int tokens)
    {
        var zero = TSimd.Broadcast(0);
        return new()
        {
            _x0 = x,
            _x1 = x + Math.Min(1, tokens - 1) * xStride,
            _x2 = x + Math.Min(2, tokens - 1) * xStride,
            _x3 = x + Math.Min(3, tokens - 1) * xStride,
            _sum0a = zero,
            _sum0b = zero,
            _sum1a = zero,
            _sum1b = zero,
            _sum2a = zero,
            _sum2b = zero,
            _sum3a = zero,
            _sum3b = zero,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Total(int token) => token switch
    {
        0 => TSimd.Sum(TSimd.Add(_sum0a, _sum0b)) + _rest0,
        1 => TSimd.Sum(TSimd.Add(_sum1a, _sum1b)) + _rest1,
        2 => TSimd.Sum(TSimd.Add(_sum2a, _sum2b)) + _rest2,
        _ => TSimd.Sum(TSimd.Add(_sum3a, _sum3b)) + _rest3,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, TVector weights)
    {
        switch (index / TSimd.Lanes & 1)
        {
            case 0:
                _sum0a = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0a);
                _sum1a = TSimd.MultiplyAdd(weights, TSimd.Load(_x1 + index), _sum1a);
                _sum2a = TSimd.MultiplyAdd(weights, TSimd.Load(_x2 + index), _sum2a);
                _sum3a = TSimd.MultiplyAdd(weights, TSimd.Load(_x3 + index), _sum3a);
                break;
            default:
                _sum0b = TSimd.MultiplyAdd(weights, TSimd.Load(_x0 + index), _sum0b);
                _sum1b = TSimd.MultiplyAdd(weights, TSimd.Load(_x1 + index), _sum1b);
                _sum2b = TSimd.MultiplyAdd(weights, TSimd.Load(_x2 + index), _sum2b);
                _sum3b = TSimd.MultiplyAdd(weights, TSimd.Load(_x3 + index), _sum3b);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, float weight)
    {
        _rest0 += weight * _x0[index];
        _rest1 += weight * _x1[index];
        _rest2 += weight * _x2[index];
        _rest3 += weight * _x3[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        _x0 += count;
        _x1 += count;
        _x2 += count;
        _x3 += count;
    }
}
