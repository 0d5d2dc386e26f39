using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArchGen.Gguf.Tests;

/// <summary>Which pages of a mapped file are in memory (Linux, mincore(2)).</summary>
internal static unsafe partial class ResidentPages
{
    /// <summary>How many pages of these bytes are in memory. None is touched.</summary>
    public static int Count(ReadOnlySpan<byte> mapped)
    {
        fixed (byte* start = mapped)
        {
            var size = (nuint)Environment.SystemPageSize;
            var first = (nuint)start & ~(size - 1);
            var length = (nuint)(start + mapped.Length) - first;
            var resident = new byte[(length + size - 1) / size];
            fixed (byte* pages = resident)
            {
                if (Query(first, length, pages) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            return resident.Count(page => (page & 1) != 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static partial int Query(nuint start, nuint length, byte* pages);
}
