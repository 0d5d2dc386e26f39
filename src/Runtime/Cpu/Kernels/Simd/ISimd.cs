using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Simd;

/// <summary>
/// The vector operations kernels are written in, for one instruction set. Kernels take the set as a type parameter, so that their loops
/// are written once and compiled for each.
/// </summary>
/// <typeparam name="TVector">The set's vector of floats.</typeparam>
internal unsafe interface ISimd<TVector> where TVector : struct
{
    /// <summary>Floats in a vector: 4, 8 or 16.</summary>
    static abstract int Lanes { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(float* destination, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a * b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract float Sum(TVector value);

    /// <summary>Stores quant * scale for 16 quants.</summary>
    static abstract void StoreScaled(float* destination, Vector128<sbyte> quants, TVector scale);

    /// <summary>Stores quant * scale + offset for 16 quants.</summary>
    static abstract void StoreScaled(float* destination, Vector128<sbyte> quants, TVector scale, TVector offset);

    /// <summary>Stores the float value of 16 IEEE half-precision numbers.</summary>
    static abstract void StoreHalves(float* destination, ushort* halves);

    /// <summary>Stores the float value of 16 brain-float numbers.</summary>
    static abstract void StoreBrainFloats(float* destination, ushort* brainFloats);
}
