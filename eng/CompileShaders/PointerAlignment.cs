using System.Runtime.InteropServices;

namespace ArchGen;

/// <summary>
/// Corrects an alignment that glslc states: where one expression reads a pointer and through it, as in <c>frame.tokens.at[i]</c>, the pointer's read gets the
/// alignment of what it points to, 4. It is a multiple of 8 as all pointers in our structs are, and drivers may demand that
/// (VUID-StandaloneSpirv-PhysicalStorageBuffer64-06314).
/// </summary>
internal static class PointerAlignment
{
    private const int HeaderWords = 5;
    private const ushort TypePointer = 32;
    private const ushort Load = 61;
    private const uint PhysicalStorageBuffer = 5349;
    private const uint Aligned = 2;
    private const uint PointerBytes = sizeof(ulong);

    /// <summary>Raises the alignments in a module; returns how many there were.</summary>
    /// <param name="module">The module, in the byte order of this machine.</param>
    public static int Raise(Span<byte> module)
    {
        var words = MemoryMarshal.Cast<byte, uint>(module);
        var pointers = new HashSet<uint>();
        var raised = 0;
        for (var at = HeaderWords; at < words.Length; at += (int)(words[at] >> 16))
        {
            var (operation, length) = ((ushort)words[at], words[at] >> 16);
            if (operation == TypePointer && words[at + 2] == PhysicalStorageBuffer) pointers.Add(words[at + 1]);
            // The type, the result, the address, what is stated of the access, the alignment.
            if (operation != Load || length < 6 || !pointers.Contains(words[at + 1]) || (words[at + 4] & Aligned) == 0) continue;
            if (words[at + 5] >= PointerBytes) continue;
            words[at + 5] = PointerBytes;
            raised++;
        }

        return raised;
    }
}
