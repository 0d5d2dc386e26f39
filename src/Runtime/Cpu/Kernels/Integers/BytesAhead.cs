namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Memory that is fetched part by part while something else is computed. Fetched all at once it would take the cache's places for outstanding lines, for which
/// what is computed then waits.
/// </summary>
/// <param name="next">The next byte.</param>
/// <param name="bytesPerStep">How much is fetched in a step.</param>
internal readonly unsafe struct BytesAhead(byte* next, nint bytesPerStep)
{
    public byte* Next => next;

    public nint BytesPerStep => bytesPerStep;

    /// <summary>What is left after so many steps.</summary>
    public BytesAhead After(int steps) => new(next + (steps * bytesPerStep), bytesPerStep);

    /// <summary>So many bytes in so many steps.</summary>
    public static BytesAhead Of(byte* first, long bytes, long steps) => new(first, (nint)((bytes + steps - 1) / steps));
}
