using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Unpacks a chunk of some rows into integers. Several rows are measured before the first is converted, to hide the latency of the scale.
/// </summary>
internal static unsafe class RowChunks<TFormat, TSimd, TVector, TTarget>
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TTarget : struct, IChunkTarget
{
    private const int ChunkSize = IntegerPanels.ChunkSize, Ahead = 4;

    /// <summary>The size of the scratch memory, in floats.</summary>
    public const int ScratchFloats = Ahead * ChunkSize;

    /// <summary>Unpacks.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowsAtATime">Rows of a whole call.</param>
    /// <param name="begin">The first weight of the chunk.</param>
    /// <param name="count">Weights of the chunk.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/>.</param>
    /// <param name="target">The destination of the integers.</param>
    /// <param name="scales">The scales, [rows].</param>
    /// <param name="bytes">The unpacking of chunks that fit to bytes; null to unpack all to floats first.</param>
    public static void Unpack(
        byte* row, long rowBytes, int rows, int rowsAtATime, int begin, int count, float* scratch, TTarget target, float* scales, ScaledBytes? bytes)
    {
        if (bytes is not null && ScaledBytes.Fits(count)) bytes.Unpack(row, rowBytes, rows, rowsAtATime, begin, count, target, scales);
        else UnpackFloats(row, rowBytes, rows, rowsAtATime, begin, count, scratch, target, scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UnpackFloats(byte* row, long rowBytes, int rows, int rowsAtATime, int begin, int count, float* scratch, TTarget target, float* scales)
    {
        var at = (long)begin / TFormat.Weights * TFormat.Bytes;
        var source = row + at;
        var whole = (count + TTarget.Unit - 1) / TTarget.Unit * TTarget.Unit;
        for (var i = 0; i < Ahead; i++) new Span<float>(scratch + (i * ChunkSize) + count, whole - count).Clear();
        for (var first = 0; first < rows; first += Ahead)
        {
            var end = Math.Min(first + Ahead, rows);
            for (var i = first; i < end; i++)
            {
                var floats = scratch + ((i - first) * ChunkSize);
                Widen(Fetched(i), count, floats);
                scales[i] = target.Measure(floats, whole);
            }

            for (var i = first; i < end; i++) scales[i] = target.Convert(scratch + ((i - first) * ChunkSize), whole, scales[i], i);
        }

        // A row's chunk; the chunk after it is prefetched.
        byte* Fetched(int i)
        {
            Memory.PrefetchNextChunk(source + (i * rowBytes), at, ChunkSize / TFormat.Weights * TFormat.Bytes, rowBytes, rowsAtATime);
            return source + (i * rowBytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(byte* source, int count, float* floats)
    {
        if (HalfEmitter.Converts<TFormat, TSimd>() && count % HalfEmitter.Step == 0)
        {
            HalfEmitter.Instance.Convert(source, count / HalfEmitter.Step, floats);
            return;
        }

        var sink = new StoreSink<TSimd, TVector>(floats);
        TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
    }
}
