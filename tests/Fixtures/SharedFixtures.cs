namespace ArchGen.Fixtures;

/// <summary>Where reference files are: small ones in the project, large ones in a folder of their own that may be absent.</summary>
public static class SharedFixtures
{
    /// <summary>The folder of ArchGen.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The files that are part of the project, such as <c>models/stories260K.gguf</c>. No test writes there.</summary>
    public static string Local(string relativePath) => Path.Combine(Root, "tests", "Fixtures", relativePath);

    /// <summary>
    /// A large file: in the folder named by ARCHGEN_FIXTURES, or else in <c>../shared/fixtures</c> beside the clone. Null if it is not there.
    /// </summary>
    public static string? FindLarge(string relativePath)
    {
        var folder = Environment.GetEnvironmentVariable("ARCHGEN_FIXTURES") ?? Path.Combine(Root, "..", "shared", "fixtures");
        var path = Path.GetFullPath(Path.Combine(folder, relativePath));
        return Path.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ArchGen.sln"))) return at.FullName;
        }

        throw new InvalidOperationException($"There is no ArchGen.sln above {AppContext.BaseDirectory}.");
    }
}
