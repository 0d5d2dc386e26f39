using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Inner products with half the multiplications (S. Winograd, A New Algorithm for Inner Product, IEEE Transactions on Computers C-17, 1968,
/// doi:10.1109/TC.1968.227420): (x0 + w1) (x1 + w0) is x0 w0 + x1 w1, and x0 x1 + w0 w1 besides, which each vector's own sum takes away. Integers that wrap
/// around at 32 bits lose nothing by it, as long as the result itself has 32 bits and the sums of two have 16.
/// </summary>
/// <remarks>
/// It pays where a processor has four vector pipes of which two multiply, as AMD's from Zen 4 on: an addition more, a multiplication less. Neighbours are
/// double words: of four integers the first is paired with the third, the second with the fourth.
/// </remarks>
internal static unsafe class PairedProducts
{
    /// <summary>The largest magnitudes, whose sum has 16 bits. Activations have the larger outliers.</summary>
    public const int MostActivation = 20000, MostWeight = short.MaxValue - MostActivation;

    /// <summary>Whether they are faster on this processor, and there is code for them.</summary>
    public static bool IsPreferred { get; } = IntegerTileCode.IsSupported && IsAmd();

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

    /// <summary>A vector whose sum is less by the products of paired integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Subtract(Vector512<int> sum, Vector512<short> integers) =>
        sum - Avx512BW.MultiplyAddAdjacent(integers, (integers.AsUInt64() >>> 32).AsInt16());

    private static bool IsAmd() => X86Base.IsSupported && X86Base.CpuId(0, 0) is (_, 0x68747541, 0x444D4163, 0x69746E65);
}
