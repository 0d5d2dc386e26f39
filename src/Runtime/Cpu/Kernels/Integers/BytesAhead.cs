namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Memory that is prefetched part by part during a computation. Prefetched all together it would occupy the cache's fill buffers, which
/// the computation needs.
/// </summary>
/// <param name="next">The next byte.</param>
/// <param name="bytesPerStep">Bytes that a step prefetches.</param>
internal readonly unsafe struct BytesAhead(byte* next, nint bytesPerStep)
{
    public byte* Next => next;

    public nint BytesPerStep => bytesPerStep;

    /// <summary>The range that is left after a number of steps.</summary>
    public BytesAhead After(int steps) => new(next + (steps * bytesPerStep), bytesPerStep);

    /// <summary>A number of bytes in a number of steps.</summary>
    public static BytesAhead Of(byte* first, long bytes, long steps) => new(first, (nint)((bytes + steps - 1) / steps));
}
