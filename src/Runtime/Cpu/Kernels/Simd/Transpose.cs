using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Kernels.Simd;

/// <summary>Transposes squares of 16 by 16 words of 32 bits.</summary>
internal static unsafe class Transpose
{
    /// <summary>target[j, i] = source[i, j]; strides are in words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Square16(uint* source, long sourceStride, uint* target, long targetStride)
    {
        if (!Avx512F.IsSupported)
        {
            for (var i = 0; i < 16; i += 4)
                for (var j = 0; j < 16; j += 4) Square4(source + (i * sourceStride) + j, sourceStride, target + (j * targetStride) + i, targetStride);
            return;
        }

        var columns = stackalloc Vector512<uint>[16];
        for (var i = 0; i < 4; i++)
        {
            // Rows 4i..4i+3 as 4 by 4 squares: lane l of quad[c] is column 4l + c of these rows.
            var row = source + (4 * i * sourceStride);
            Vector512<uint> a = Vector512.Load(row), b = Vector512.Load(row + sourceStride);
            Vector512<uint> c = Vector512.Load(row + (2 * sourceStride)), d = Vector512.Load(row + (3 * sourceStride));
            Vector512<ulong> ab = Avx512F.UnpackLow(a, b).AsUInt64(), cd = Avx512F.UnpackLow(c, d).AsUInt64();
            Vector512<ulong> abHigh = Avx512F.UnpackHigh(a, b).AsUInt64(), cdHigh = Avx512F.UnpackHigh(c, d).AsUInt64();
            columns[i] = Avx512F.UnpackLow(ab, cd).AsUInt32();
            columns[4 + i] = Avx512F.UnpackHigh(ab, cd).AsUInt32();
            columns[8 + i] = Avx512F.UnpackLow(abHigh, cdHigh).AsUInt32();
            columns[12 + i] = Avx512F.UnpackHigh(abHigh, cdHigh).AsUInt32();
        }

        const byte Even = 0x88, Odd = 0xDD;
        for (var column = 0; column < 4; column++)
        {
            var quads = columns + (4 * column);
            Vector512<uint> even01 = Avx512F.Shuffle4x128(quads[0], quads[1], Even), odd01 = Avx512F.Shuffle4x128(quads[0], quads[1], Odd);
            Vector512<uint> even23 = Avx512F.Shuffle4x128(quads[2], quads[3], Even), odd23 = Avx512F.Shuffle4x128(quads[2], quads[3], Odd);
            var to = target + (column * targetStride);
            Avx512F.Shuffle4x128(even01, even23, Even).Store(to);
            Avx512F.Shuffle4x128(odd01, odd23, Even).Store(to + (4 * targetStride));
            Avx512F.Shuffle4x128(even01, even23, Odd).Store(to + (8 * targetStride));
            Avx512F.Shuffle4x128(odd01, odd23, Odd).Store(to + (12 * targetStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(uint* source, long sourceStride, uint* target, long targetStride)
    {
        Vector128<uint> a = Vector128.Load(source), b = Vector128.Load(source + sourceStride);
        Vector128<uint> c = Vector128.Load(source + (2 * sourceStride)), d = Vector128.Load(source + (3 * sourceStride));
        Vector128<ulong> ab = Sse2.UnpackLow(a, b).AsUInt64(), cd = Sse2.UnpackLow(c, d).AsUInt64();
        Vector128<ulong> abHigh = Sse2.UnpackHigh(a, b).AsUInt64(), cdHigh = Sse2.UnpackHigh(c, d).AsUInt64();
        Sse2.UnpackLow(ab, cd).AsUInt32().Store(target);
        Sse2.UnpackHigh(ab, cd).AsUInt32().Store(target + targetStride);
        Sse2.UnpackLow(abHigh, cdHigh).AsUInt32().Store(target + (2 * targetStride));
        Sse2.UnpackHigh(abHigh, cdHigh).AsUInt32().Store(target + (3 * targetStride));
    }
}
