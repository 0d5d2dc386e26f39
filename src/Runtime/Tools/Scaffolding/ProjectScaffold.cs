using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Scaffolding;

/// <summary>A file of a new project: its path within the folder, with <c>/</c>, and its text.</summary>
/// <param name="Path">The path.</param>
/// <param name="Text">The text, with <c>\n</c> at the ends of lines.</param>
public sealed record ProjectFile(string Path, string Text);

/// <summary>
/// A solution for an architecture of one's own: a library with the declaration, a program that has every command over it, and a test project.
/// </summary>
public static class ProjectScaffold
{
    /// <summary>The namespace, and the name of the library, of an architecture.</summary>
    public static string Namespace(string name) => name + "Models";

    /// <summary>Checks the name of an architecture's class.</summary>
    /// <exception cref="RequestException">It is no identifier that begins with a capital letter, or a name of the language.</exception>
    public static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0]) || !name.All(char.IsAsciiLetterOrDigit) || name.Length > 60)
            throw new RequestException($"'{name}' cannot be the name of a class: expected letters and digits, the first a capital letter, such as Quill.");
        if (ProjectTemplate.TakenNames.Contains(name))
            throw new RequestException($"{name} is a name of the language itself. Choose another, such as My{name}.");
    }

    /// <summary>The files.</summary>
    /// <param name="name">The name of the architecture's class: <see cref="CheckName"/>.</param>
    /// <param name="architecture">The text of the architecture's file; null for a small decoder to begin with.</param>
    /// <param name="version">The version of the packages of ArchGen: 0.1.0.</param>
    public static IReadOnlyList<ProjectFile> Files(string name, string? architecture, string version)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckName(name);
        return [.. ProjectTemplate.Files.Select(file => new ProjectFile(Fill(file.Path), Fill(file.Text))),
            new(Fill(ProjectTemplate.Architecture.Path), architecture ?? Fill(ProjectTemplate.Architecture.Text))];

        string Fill(string text) => text.Replace("VERSION", version, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal)
            .Replace("name-in-files", ShapeSymbols.FileName(name), StringComparison.Ordinal);
    }

    /// <summary>Writes the files to a new folder. The folder appears when all are written.</summary>
    /// <param name="folder">The folder; it must not exist, or be empty.</param>
    /// <param name="files">The files.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <exception cref="ArchGenException">The folder has files already, or cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<ProjectFile> files, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(files);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new RequestException($"{folder} is there already, and not empty. Name another folder with -o.");
        if (Path.GetDirectoryName(target) is not { } parent || !Directory.Exists(parent))
            throw new RequestException($"{folder}: the folder above it does not exist. Make it, or choose another name.");
        using var pending = new PendingFile(target);
        try
        {
            foreach (var file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                var path = Path.Combine(pending.Path, file.Path.Replace('/', Path.DirectorySeparatorChar));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }

            Place(pending.Path, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{folder}: the files cannot be written: {error.Message} Check the folder, its permissions and the free space.", error);
        }
        finally
        {
            if (Directory.Exists(pending.Path)) Directory.Delete(pending.Path, recursive: true);
        }
    }

    // An empty folder that is there stays: it may be the one that a shell is in.
    private static void Place(string made, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(made, target);
            return;
        }

        foreach (var folder in Directory.GetDirectories(made)) Directory.Move(folder, Path.Combine(target, Path.GetFileName(folder)));
        foreach (var file in Directory.GetFiles(made)) File.Move(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
