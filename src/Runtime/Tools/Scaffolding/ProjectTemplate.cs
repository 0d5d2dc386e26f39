namespace ArchGen.Tools.Scaffolding;

/// <summary>
/// The files of a new project, which are those of the template package: packaging/ArchGen.Templates. NAME, VERSION and name-in-files are filled in.
/// </summary>
internal static class ProjectTemplate
{
    private const string Folder = "project/", ArchitecturePath = "NAMEModels/NAME.cs";

    /// <summary>All but the architecture, in the order of their paths.</summary>
    public static IReadOnlyList<ProjectFile> Files { get; } =
    [
        .. typeof(ProjectTemplate).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name != Folder + ArchitecturePath).Order(StringComparer.Ordinal)
            .Select(name => new ProjectFile(name[Folder.Length..], Read(name))),
    ];

    /// <summary>A decoder as Llama is, to be changed.</summary>
    public static ProjectFile Architecture { get; } = new(ArchitecturePath, Read(Folder + ArchitecturePath));

    /// <summary>
    /// Names of the language, which a class of that name would hide, and of what the project's files use. A test compares them with the language.
    /// </summary>
    public static IReadOnlySet<string> TakenNames { get; } = Read("taken-names.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ProjectTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
