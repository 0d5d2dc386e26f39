using System.Runtime.CompilerServices;

namespace ArchGen.Vulkan.Tests;

/// <summary>Files of the repository, wherever it was cloned to.</summary>
internal static class Repository
{
    /// <summary>The path of a file or folder.</summary>
    public static string PathOf(string name) => Path.GetFullPath(Path.Combine(Here(), "../..", name));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
