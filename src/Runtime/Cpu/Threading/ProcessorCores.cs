namespace ArchGen.Cpu.Threading;

/// <summary>The processor cores of this machine.</summary>
public static class ProcessorCores
{
    /// <summary>Physical cores if Linux reports them, otherwise logical ones; never more than this process may use.</summary>
    public static int Count { get; } = Math.Min(CountSiblingSets() ?? Environment.ProcessorCount, Environment.ProcessorCount);

    private static int? CountSiblingSets()
    {
        var sets = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var cpu in Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*"))
            {
                var siblings = Path.Combine(cpu, "topology", "thread_siblings_list");
                if (File.Exists(siblings)) sets.Add(File.ReadAllText(siblings));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return sets.Count > 0 ? sets.Count : null;
    }
}
