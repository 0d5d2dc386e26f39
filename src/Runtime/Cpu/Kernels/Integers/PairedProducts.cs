using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Inner products with half the multiplications (S. Winograd, A New Algorithm for Inner Product, IEEE Transactions on Computers C-17, 1968,
/// doi:10.1109/TC.1968.227420): (x0 + w1) (x1 + w0) is x0 w0 + x1 w1 plus x0 x1 + w0 w1, which a correction per vector subtracts. Integers that wrap
/// around at 32 bits are exact if the result fits 32 bits and the sums of two fit 16.
/// </summary>
/// <remarks>
/// It is faster on processors with four vector pipes of which two multiply, as AMD's from Zen 4 on: one more addition, one less multiplication. Pairs are
/// of double words: of four integers the first is paired with the third, the second with the fourth.
/// </remarks>
internal static unsafe class PairedProducts
{
    /// <summary>The largest magnitudes, whose sum has 16 bits. Activations have the larger outliers.</summary>
    public const int MaxActivation = 20000, MaxWeight = short.MaxValue - MaxActivation;

    /// <summary>Whether they are faster on this processor, and supported.</summary>
    public static bool IsPreferred { get; } = IntegerTileEmitter.IsSupported && IsAmd();

    /// <summary>Minus the sum of the products of paired integers, modulo 2^32; <paramref name="count"/> is a multiple of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Correction(short* integers, int count)
    {
        var sum = Vector512<int>.Zero;
        for (var i = 0; i < count; i += 32)
        {
            sum = Subtract(sum, Vector512.Load(integers + i));
        }

        return Vector512.Sum(sum);
    }

    /// <summary>Subtracts the products of paired integers from a vector's sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Subtract(Vector512<int> sum, Vector512<short> integers) =>
        sum - Avx512BW.MultiplyAddAdjacent(integers, (integers.AsUInt64() >>> 32).AsInt16());

    private static bool IsAmd() => X86Base.IsSupported && X86Base.CpuId(0, 0) is (_, 0x68747541, 0x444D4163, 0x69746E65);
}
