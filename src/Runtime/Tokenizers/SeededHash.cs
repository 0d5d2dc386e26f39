using System.Security.Cryptography;

namespace ArchGen.Tokenizers;

/// <summary>Hashing by multiplication with a secret odd number, chosen anew in every process: a hostile file cannot bring keys that collide.</summary>
internal static class SeededHash
{
    private static readonly ulong Multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    public static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15, Multiplier, out var low);
        return high ^ low;
    }
}
