using System.Runtime.CompilerServices;

namespace ArchGen.Formats.Simd;

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
