namespace ArchGen.Fixtures;

/// <summary>Where reference files are: small ones beside the test assembly, large ones in a folder of their own that may be absent.</summary>
public static class SharedFixtures
{
    /// <summary>The files that are part of the project, such as <c>models/stories260K.gguf</c>.</summary>
    public static string Local(string relativePath) => Path.Combine(AppContext.BaseDirectory, "Fixtures", relativePath);

    /// <summary>
    /// A large file: in the folder named by ARCHGEN_FIXTURES, or else in <c>../shared/fixtures</c> beside the clone. Null if it is not there.
    /// </summary>
    public static string? FindLarge(string relativePath)
    {
        var folder = Environment.GetEnvironmentVariable("ARCHGEN_FIXTURES") ?? FolderBesideClone();
        var path = folder is null ? null : Path.Combine(folder, relativePath);
        return Path.Exists(path) ? path : null;
    }

    private static string? FolderBesideClone()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ArchGen.sln")))
                return at.Parent is null ? null : Path.Combine(at.Parent.FullName, "shared", "fixtures");
        }

        return null;
    }
}
