using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Simd;

/// <summary>Takes the weights that a block format unpacks, a vector at a time. A type parameter, so that they stay in registers.</summary>
internal interface IWeightSink<TVector> where TVector : struct
{
    /// <summary>Takes the weights from <paramref name="index"/> on, counted from where the sink stands.</summary>
    void Take(int index, TVector weights);

    /// <summary>Takes a single weight, where fewer than a vector are left.</summary>
    void Take(int index, float weight);

    /// <summary>Moves on by so many weights.</summary>
    void Advance(int count);
}

/// <summary>Writes the weights to memory.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal unsafe struct StoreSink<TSimd, TVector>(float* destination) : IWeightSink<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* _destination = destination;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(int index, TVector weights) => TSimd.Store(_destination + index, weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(int index, float weight) => _destination[index] = weight;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _destination += count;
}

/// <summary>Multiplies the weights with one token's activations and adds up: the dot product. Four sums, so that additions need not wait for each other.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal unsafe struct DotSink<TSimd, TVector>(float* activations) : IWeightSink<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* _activations = activations;
    private TVector _sum0 = TSimd.Broadcast(0);
    private TVector _sum1 = TSimd.Broadcast(0);
    private TVector _sum2 = TSimd.Broadcast(0);
    private TVector _sum3 = TSimd.Broadcast(0);
    private float _rest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Total() => TSimd.Sum(TSimd.Add(TSimd.Add(_sum0, _sum1), TSimd.Add(_sum2, _sum3))) + _rest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, TVector weights)
    {
        // The activations are loaded within the multiplication: one instruction.
        switch (index / TSimd.Lanes & 3)
        {
            case 0: _sum0 = TSimd.MultiplyAdd(weights, TSimd.Load(_activations + index), _sum0); break;
            case 1: _sum1 = TSimd.MultiplyAdd(weights, TSimd.Load(_activations + index), _sum1); break;
            case 2: _sum2 = TSimd.MultiplyAdd(weights, TSimd.Load(_activations + index), _sum2); break;
            default: _sum3 = TSimd.MultiplyAdd(weights, TSimd.Load(_activations + index), _sum3); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int index, float weight) => _rest += weight * _activations[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _activations += count;
}
