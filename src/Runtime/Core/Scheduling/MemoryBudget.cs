using System.Globalization;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The memory that is free: of the machine, or of the control group (container) that the program runs in, whichever is less.</summary>
internal static class MemoryBudget
{
    /// <summary>Free bytes.</summary>
    /// <param name="root">The folder that has <c>proc</c> and <c>sys</c>; another one for tests.</param>
    public static long FreeBytes(string root = "/")
    {
        var info = GC.GetGCMemoryInfo();
        var free = OfMachine(root) ?? Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        return Math.Max(0, Math.Min(free, OfGroups(root)));
    }

    // MemAvailable of /proc/meminfo: free pages, and those that the system can take back, in KiB.
    private static long? OfMachine(string root)
    {
        foreach (var line in Lines(Path.Combine(root, "proc/meminfo")))
        {
            if (!line.StartsWith("MemAvailable:", StringComparison.Ordinal)) continue;
            var number = line["MemAvailable:".Length..].Replace("kB", "", StringComparison.Ordinal);
            return Number(number) is { } kibibytes ? kibibytes * 1024 : null;
        }

        return null;
    }

    // A limit of a group above is one as well.
    private static long OfGroups(string root)
    {
        var least = long.MaxValue;
        var path = "";
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.StartsWith("0::", StringComparison.Ordinal)) path = line[3..].Trim('/');
        }

        for (; ; path = Path.GetDirectoryName(path) ?? "")
        {
            var folder = Path.Combine(root, "sys/fs/cgroup", path);
            least = Math.Min(least, Left(Path.Combine(folder, "memory.max"), Path.Combine(folder, "memory.current"), Path.Combine(folder, "memory.stat")));
            if (path.Length == 0) break;
        }

        // Version 1 of control groups.
        var first = Path.Combine(root, "sys/fs/cgroup/memory");
        return Math.Min(least, Left(
            Path.Combine(first, "memory.limit_in_bytes"), Path.Combine(first, "memory.usage_in_bytes"), Path.Combine(first, "memory.stat")));
    }

    // Pages of files that are not used count as used, but the system takes them back.
    private static long Left(string limit, string usage, string statistics)
    {
        if (First(limit) is not { } bytes || First(usage) is not { } used) return long.MaxValue;
        foreach (var line in Lines(statistics))
        {
            if (line.StartsWith("inactive_file ", StringComparison.Ordinal)) used -= Number(line["inactive_file ".Length..]) ?? 0;
        }

        return bytes - Math.Max(0, used);
    }

    private static long? First(string file) => Lines(file) is [var line, ..] ? Number(line) : null;

    private static long? Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
