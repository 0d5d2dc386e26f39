using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Structure;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>The files of some folders that have an extension, as paths from the root with '/', in order. Build outputs are left out.</summary>
    public static IEnumerable<string> Files(string extension, params ReadOnlySpan<string> folders)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            foreach (var path in Directory.EnumerateFiles(Path.Combine(SharedFixtures.Root, folder), "*" + extension, SearchOption.AllDirectories))
            {
                files.Add(Path.GetRelativePath(SharedFixtures.Root, path).Replace('\\', '/'));
            }
        }

        return files.Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));
    }

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(SharedFixtures.Root, file));
}
