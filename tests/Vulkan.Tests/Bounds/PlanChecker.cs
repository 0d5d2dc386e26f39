using System.Buffers.Binary;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Bounds;

/// <summary>Finds mistakes in what steps say of the memory that they use, by brute force and from nothing but addresses.</summary>
internal static class PlanChecker
{
    /// <summary>Pairs of steps without a barrier between them, one of which writes what the other one touches.</summary>
    public static IEnumerable<string> Races(IEnumerable<DeviceStep[]> groups)
    {
        foreach (var group in groups)
        {
            for (var i = 0; i < group.Length; i++)
            {
                for (var j = 0; j < group.Length; j++)
                {
                    var touched = group[j].Reads.Concat(group[j].Writes).ToArray();
                    if (i != j && group[i].Writes.Any(w => touched.Any(r => Math.Max(w.Start, r.Start) < Math.Min(w.End, r.End))))
                        yield return $"{group[i].Step.Node} writes what {group[j].Step.Node} uses, and no barrier is between them";
                }
            }
        }
    }

    /// <summary>
    /// Addresses of values, caches and states that a shader is given, by push constants or by a table that they name, and whose step does not say that it uses
    /// what is there; a table is for all device steps of a step of the plan. To be asked of a device with separate ranges, on which a table is a block.
    /// </summary>
    /// <param name="part">The steps.</param>
    /// <param name="checkedCount">Is increased by the number of addresses that have been checked.</param>
    public static List<string> Undeclared(CompiledPart part, ref int checkedCount)
    {
        var found = new List<string>();
        MemoryBlock[] blocks = [.. part.Memory.Blocks, .. part.Session.Memory.Blocks];
        foreach (var step in part.Steps.All)
        {
            var words = step.Choices.SelectMany(choice => Words(choice.Push)).Distinct().ToArray();
            ulong[] tables = [.. words.SelectMany(word => TableOf(word, part.Tables))];
            checkedCount += Check(words, [step]) + Check(tables, part.Steps.All.Where(other => other.Step == step.Step));
        }

        return found;

        int Check(ulong[] words, IEnumerable<DeviceStep> steps)
        {
            AddressRange[] declared = [.. steps.SelectMany(step => step.Reads.Concat(step.Writes))];
            ulong[] addresses = [.. words.Where(word => Array.Exists(blocks, block => Holds(block, word)))];
            found.AddRange(addresses.Where(word => !Array.Exists(declared, range => word >= range.Start && word < range.End))
                .Select(word => $"{steps.First().Step.Node}: a shader gets address {word:x}, and neither reads nor writes name it"));
            return addresses.Length;
        }
    }

    private static bool Holds(MemoryBlock block, ulong address) => address >= block.Address && address < block.Address + (ulong)block.Bytes;

    private static unsafe ulong[] TableOf(ulong word, IReadOnlyList<MemoryBlock> tables) =>
        tables.FirstOrDefault(table => table.Address == word) is { } table
            ? Words(new ReadOnlySpan<byte>((void*)table.Mapped, checked((int)table.Bytes)))
            : [];

    private static ulong[] Words(ReadOnlySpan<byte> bytes)
    {
        var words = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        return words;
    }
}
