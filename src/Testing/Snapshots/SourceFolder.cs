namespace ArchGen.Testing.Snapshots;

/// <summary>The folder of a test's source.</summary>
internal static class SourceFolder
{
    /// <summary>
    /// The folder of a source file. A deterministic build replaces the root of its path, so if it is not there, the end of the path is looked for from
    /// the test's output upwards.
    /// </summary>
    /// <param name="sourceFile">The path as the compiler knows it.</param>
    /// <exception cref="CheckFailedException">The file is not to be found.</exception>
    public static string Of(string sourceFile)
    {
        ArgumentNullException.ThrowIfNull(sourceFile);
        if (File.Exists(sourceFile)) return Path.GetDirectoryName(Path.GetFullPath(sourceFile))!;
        var parts = sourceFile.Split('/', '\\', StringSplitOptions.RemoveEmptyEntries);
        for (var up = new DirectoryInfo(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            for (var skipped = 0; skipped < parts.Length; skipped++)
            {
                var candidate = Path.Combine([up.FullName, .. parts[skipped..]]);
                if (File.Exists(candidate)) return Path.GetDirectoryName(candidate)!;
            }
        }

        throw new CheckFailedException($"The source file {sourceFile} is not to be found, neither there nor above {AppContext.BaseDirectory}. "
            + "Snapshots are beside the test's source: run the tests where it is.");
    }

    /// <summary>A path that is relative to the test's source; one that is not there is taken as it is.</summary>
    public static string Resolve(string path, string sourceFile)
    {
        if (Path.IsPathRooted(path)) return path;
        var beside = Path.Combine(Of(sourceFile), path);
        return Path.Exists(beside) || !Path.Exists(path) ? beside : Path.GetFullPath(path);
    }
}
