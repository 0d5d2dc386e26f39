namespace ArchGen.Vulkan.Execution;

/// <summary>
/// Cuts steps into groups between which a barrier is needed: no step of a group touches memory that another one of the group writes. Decided by addresses
/// alone, whatever the nodes are.
/// </summary>
internal static class Hazards
{
    /// <summary>The groups, in order.</summary>
    public static IReadOnlyList<DeviceStep[]> Groups(IReadOnlyList<DeviceStep> steps)
    {
        var groups = new List<DeviceStep[]>();
        var group = new List<DeviceStep>();
        foreach (var step in steps)
        {
            if (group.Exists(earlier => Conflict(earlier, step)))
            {
                groups.Add([.. group]);
                group.Clear();
            }

            group.Add(step);
        }

        if (group.Count > 0) groups.Add([.. group]);
        return groups;
    }

    /// <summary>Whether the order of two steps matters.</summary>
    public static bool Conflict(DeviceStep a, DeviceStep b) => Meet(a.Writes, b.Reads) || Meet(a.Writes, b.Writes) || Meet(a.Reads, b.Writes);

    private static bool Meet(IReadOnlyList<AddressRange> a, IReadOnlyList<AddressRange> b)
    {
        foreach (var x in a)
        {
            foreach (var y in b)
            {
                if (x.Overlaps(y)) return true;
            }
        }

        return false;
    }
}
