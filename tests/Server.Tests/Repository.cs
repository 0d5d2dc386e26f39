namespace ArchGen.Server.Tests;

/// <summary>The files of the project.</summary>
internal static class Repository
{
    /// <summary>The folder that has them.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "ArchGen.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
