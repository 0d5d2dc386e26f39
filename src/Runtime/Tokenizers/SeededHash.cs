using System.Runtime.CompilerServices;

namespace ArchGen.Tokenizers;

/// <summary>Hashing by multiplication with a secret odd number, random in every process: a hostile file cannot contain keys that collide.</summary>
internal static class SeededHash
{
    // The random bits of a GUID come from the system; the library's cryptography takes tens of milliseconds to load.
    private static readonly ulong Multiplier = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()) | 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15, Multiplier, out var low);
        return high ^ low;
    }
}
