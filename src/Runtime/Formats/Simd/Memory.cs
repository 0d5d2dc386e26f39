using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>Hints about the memory that will be read.</summary>
internal static unsafe class Memory
{
    /// <summary>
    /// Fetches what lies a while behind <paramref name="address"/>: the processor's own prefetcher stops at each page. The rows of a matrix lie
    /// one after the other, so this is right at the end of a row, too; behind the last it does nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address)
    {
        const int Distance = 2048;
        if (Sse.IsSupported) Sse.Prefetch0(address + Distance);
    }

    /// <summary>How far ahead what is read once, at the speed of memory, is fetched, in bytes.</summary>
    public const int FarDistance = 6144;

    /// <summary>
    /// Fetches what lies <see cref="FarDistance"/> behind <paramref name="address"/> into the second-level cache, which waits for more lines at a time than
    /// the first; from there the processor fetches by itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address + FarDistance);
    }

    /// <summary>
    /// Fetches, into the second-level cache, what will be read after a piece of a row where several rows are read a piece at a time: the row's next piece,
    /// or after the last the first of the row that is then read.
    /// </summary>
    /// <param name="piece">The piece that is read now.</param>
    /// <param name="begin">Where it begins in its row, in bytes.</param>
    /// <param name="pieceBytes">Bytes of a piece.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Rows that are read at a time.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchPieceAfter(byte* piece, long begin, int pieceBytes, long rowBytes, int rows)
    {
        const int Line = 64;
        if (!Sse.IsSupported) return;
        var next = piece + ToPieceAfter(begin, pieceBytes, rowBytes, rows);
        for (var at = 0; at < pieceBytes; at += Line) Sse.Prefetch1(next + at);
    }

    /// <summary>Bytes from a piece of a row to what is read after it; parameters as those of <see cref="PrefetchPieceAfter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToPieceAfter(long begin, int pieceBytes, long rowBytes, int rows) =>
        begin + pieceBytes < rowBytes ? pieceBytes : (rows * rowBytes) - begin;
}
