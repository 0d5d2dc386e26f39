using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Blocks;

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
}
