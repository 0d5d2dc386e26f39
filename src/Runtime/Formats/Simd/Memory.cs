using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>Prefetches memory.</summary>
internal static unsafe class Memory
{
    /// <summary>
    /// Prefetches the line at a fixed distance after <paramref name="address"/>: the hardware prefetcher stops at each page. The rows of a matrix
    /// are contiguous, so this is right at the end of a row, too; after the last row it has no effect.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address)
    {
        const int Distance = 2048;
        if (Sse.IsSupported) Sse.Prefetch0(address + Distance);
    }

    /// <summary>The prefetch distance of data that is read once, at memory bandwidth, in bytes.</summary>
    public const int FarDistance = 6144;

    /// <summary>
    /// Prefetches the line <see cref="FarDistance"/> after <paramref name="address"/> into the second-level cache, which has more outstanding lines than
    /// the first; the hardware prefetcher moves it from there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(byte* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address + FarDistance);
    }

    /// <summary>
    /// Prefetches, into the second-level cache, what is read after a chunk of a row if several rows are read chunk by chunk: the row's next chunk,
    /// or after the last chunk the first one of the row that is read next.
    /// </summary>
    /// <param name="chunk">The chunk that is read now.</param>
    /// <param name="begin">The offset of the chunk in its row, in bytes.</param>
    /// <param name="chunkBytes">Bytes of a chunk.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Rows that are read at a time.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchNextChunk(byte* chunk, long begin, int chunkBytes, long rowBytes, int rows)
    {
        const int Line = 64;
        if (!Sse.IsSupported) return;
        var next = chunk + BytesToNextChunk(begin, chunkBytes, rowBytes, rows);
        for (var at = 0; at < chunkBytes; at += Line) Sse.Prefetch1(next + at);
    }

    /// <summary>Bytes from a chunk of a row to the chunk that is read after it; parameters as for <see cref="PrefetchNextChunk"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long BytesToNextChunk(long begin, int chunkBytes, long rowBytes, int rows) =>
        begin + chunkBytes < rowBytes ? chunkBytes : (rows * rowBytes) - begin;
}
