namespace ArchGen.Runtime.Planning;

/// <summary>A buffer and the steps, first and last, between which it must keep its contents.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="First">The step that writes it first.</param>
/// <param name="Last">The step that reads it last.</param>
internal readonly record struct Lifetime(long Bytes, int First, int Last)
{
    public bool Overlaps(Lifetime other) => First <= other.Last && other.First <= Last;
}

/// <summary>Places buffers in one block of memory so that no two that live at the same time overlap: largest first, each at the lowest gap that fits.</summary>
internal static class ArenaPlanner
{
    public const int Alignment = 64;

    /// <summary>Finds the place of each buffer.</summary>
    /// <param name="buffers">The buffers.</param>
    /// <param name="blockBytes">
    /// The size of the blocks that the arena is allocated in, a multiple of <see cref="Alignment"/>: no buffer that fits one is in two. Defaults to one block.
    /// </param>
    /// <returns>Offsets in bytes, multiples of <see cref="Alignment"/>, and the size of the whole.</returns>
    public static (long[] Offsets, long Bytes) Place(IReadOnlyList<Lifetime> buffers, long blockBytes = long.MaxValue)
    {
        var offsets = new long[buffers.Count];
        var placed = new List<int>();
        long total = 0;
        foreach (var i in Enumerable.Range(0, buffers.Count).OrderByDescending(i => buffers[i].Bytes).ThenBy(i => buffers[i].First))
        {
            var bytes = RoundUp(buffers[i].Bytes);
            long at = 0;
            // `placed` is in the order of offsets, so the first gap found is the lowest.
            foreach (var other in placed)
            {
                if (!buffers[i].Overlaps(buffers[other])) continue;
                if (offsets[other] >= at + bytes) break;
                at = InOneBlock(Math.Max(at, offsets[other] + RoundUp(buffers[other].Bytes)), bytes, blockBytes);
            }

            offsets[i] = at;
            total = Math.Max(total, at + bytes);
            var place = placed.FindIndex(other => offsets[other] > at);
            placed.Insert(place < 0 ? placed.Count : place, i);
        }

        return (offsets, total);
    }

    // The first place from here on at which so many bytes do not cross the end of a block; of more bytes than a block has, the beginning of one.
    private static long InOneBlock(long at, long bytes, long blockBytes) =>
        at % blockBytes == 0 || (at % blockBytes) + bytes <= blockBytes ? at : ((at / blockBytes) + 1) * blockBytes;

    private static long RoundUp(long bytes) => (bytes + Alignment - 1) & -Alignment;
}
