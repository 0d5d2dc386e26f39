using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Generation;

/// <summary>Writes the bytes of tokens, which are not always whole characters.</summary>
internal static class Utf8Text
{
    /// <summary>The characters before the first byte that belongs to no whole one.</summary>
    public static string WholeCharacters(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..ValidLength(bytes)]);

    /// <summary>Whether the bytes are whole characters.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) => ValidLength(bytes) == bytes.Length;

    /// <summary>The bytes as an array of numbers.</summary>
    public static JsonArray Numbers(ReadOnlySpan<byte> bytes)
    {
        var numbers = new JsonArray();
        foreach (var value in bytes) numbers.Add((JsonNode)(int)value);
        return numbers;
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        while (length < bytes.Length && Rune.DecodeFromUtf8(bytes[length..], out _, out var consumed) == OperationStatus.Done) length += consumed;
        return length;
    }
}
