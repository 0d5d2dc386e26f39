using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Unpacks a piece of some rows into integers. Several rows are measured before the first is converted, which would otherwise wait for its scale.
/// </summary>
internal static unsafe class RowPieces<TFormat, TSimd, TVector, TTarget>
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TTarget : struct, IPieceTarget
{
    private const int Piece = IntegerPanels.Piece, Ahead = 4;

    /// <summary>Floats of room: so many rows'.</summary>
    public const int Room = Ahead * Piece;

    /// <summary>Unpacks.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowsAtATime">Rows of a whole call.</param>
    /// <param name="begin">The first weight of the piece.</param>
    /// <param name="count">Weights of the piece.</param>
    /// <param name="room"><see cref="Room"/>.</param>
    /// <param name="target">Where the integers go.</param>
    /// <param name="scales">The scales, [rows].</param>
    /// <param name="bytes">How pieces that fit are unpacked instead of by way of floats, or null.</param>
    public static void Unpack(
        byte* row, long rowBytes, int rows, int rowsAtATime, int begin, int count, float* room, TTarget target, float* scales, ScaledBytes? bytes)
    {
        if (bytes is not null && ScaledBytes.Fits(count)) bytes.Unpack(row, rowBytes, rows, rowsAtATime, begin, count, target, scales);
        else UnpackFloats(row, rowBytes, rows, rowsAtATime, begin, count, room, target, scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UnpackFloats(byte* row, long rowBytes, int rows, int rowsAtATime, int begin, int count, float* room, TTarget target, float* scales)
    {
        var at = (long)begin / TFormat.Weights * TFormat.Bytes;
        var source = row + at;
        var whole = (count + TTarget.Unit - 1) / TTarget.Unit * TTarget.Unit;
        for (var i = 0; i < Ahead; i++) new Span<float>(room + (i * Piece) + count, whole - count).Clear();
        for (var first = 0; first < rows; first += Ahead)
        {
            var end = Math.Min(first + Ahead, rows);
            for (var i = first; i < end; i++)
            {
                var floats = room + ((i - first) * Piece);
                Widen(Fetched(i), count, floats);
                scales[i] = target.Measure(floats, whole);
            }

            for (var i = first; i < end; i++) scales[i] = target.Convert(room + ((i - first) * Piece), whole, scales[i], i);
        }

        // A row's piece, while the one after it is fetched.
        byte* Fetched(int i)
        {
            Memory.PrefetchPieceAfter(source + (i * rowBytes), at, Piece / TFormat.Weights * TFormat.Bytes, rowBytes, rowsAtATime);
            return source + (i * rowBytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(byte* source, int count, float* floats)
    {
        if (HalfCode.Converts<TFormat, TSimd>() && count % HalfCode.Step == 0)
        {
            HalfCode.Instance.Convert(source, count / HalfCode.Step, floats);
            return;
        }

        var sink = new StoreSink<TSimd, TVector>(floats);
        TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
    }
}
