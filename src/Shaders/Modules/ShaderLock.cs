using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ArchGen.Vulkan.Modules;

/// <summary>
/// What each compiled shader was made of, as hashes: a line for each with its name, the hash of its source with all that it includes and its definitions,
/// and the hash of the module. It tells whether a source has changed since.
/// </summary>
internal static partial class ShaderLock
{
    /// <summary>The hash of a shader's source, in hexadecimal.</summary>
    /// <param name="folder">The folder Glsl.</param>
    /// <param name="variant">The shader.</param>
    public static string SourceHash(string folder, ShaderVariant variant)
    {
        var text = new StringBuilder();
        foreach (var define in variant.Defines) text.Append(define).Append('\n');
        Append(text, folder, variant.Source, []);
        return Hash(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The hash of bytes, in hexadecimal.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The line of a shader.</summary>
    public static string Line(ShaderVariant variant, string sourceHash, ReadOnlySpan<byte> module) => $"{variant.Name} {sourceHash} {Hash(module)}";

    private static void Append(StringBuilder text, string folder, string file, HashSet<string> seen)
    {
        if (!seen.Add(file)) return;
        var source = File.ReadAllText(Path.Combine(folder, file)).ReplaceLineEndings("\n");
        text.Append(file).Append('\n').Append(source);
        foreach (Match include in Include().Matches(source)) Append(text, folder, include.Groups[1].Value, seen);
    }

    [GeneratedRegex("^#include \"(.+)\"", RegexOptions.Multiline)]
    private static partial Regex Include();
}
