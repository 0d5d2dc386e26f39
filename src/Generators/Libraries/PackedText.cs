using System.IO.Compression;
using System.Text;

namespace ArchGen.Generators.Libraries;

/// <summary>A text as an argument of an attribute: compressed, in base 64.</summary>
internal static class PackedText
{
    public static string Pack(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bytes, 0, bytes.Length);
        return Convert.ToBase64String(packed.ToArray());
    }

    /// <summary>The text, or null if it is not packed.</summary>
    public static string? Unpack(string packed)
    {
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            using var reader = new StreamReader(deflate, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return null;
        }
    }
}
