using System.Text.RegularExpressions;

namespace ArchGen.Server.Models;

/// <summary>The models of a folder: its GGUF files and those of the folders in it, a split one by its first part.</summary>
internal static partial class ModelFolder
{
    /// <summary>The paths of the models, by name.</summary>
    /// <exception cref="RequestException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        try
        {
            var files = Directory.EnumerateDirectories(folder).Prepend(folder).SelectMany(place => Directory.EnumerateFiles(place, "*.gguf"));
            return [.. files.Where(IsModel).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RequestException($"The folder of models cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The name of a model: that of its file without the extension and the number of the part.</summary>
    public static string NameOf(string path) => Part().Replace(Path.GetFileNameWithoutExtension(path), "");

    // Projectors of pictures are no models of their own.
    private static bool IsModel(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var part = Part().Match(name);
        return !name.StartsWith("mmproj", StringComparison.OrdinalIgnoreCase) && (!part.Success || part.Groups[1].Value == "00001");
    }

    [GeneratedRegex("-([0-9]{5})-of-[0-9]{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
