using ArchGen.Fixtures;
using ArchGen.Testing;

namespace ArchGen.Generators.Tests;

/// <summary>The architectures that ArchGen declares, as they are in <c>architectures/</c>.</summary>
internal static class DeclaredArchitectures
{
    public static readonly IReadOnlyList<SourceFile> Files =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Architectures"), "*.cs").Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(Path.GetFileName(path), File.ReadAllText(path))),
    ];

    private static readonly Lazy<GeneratorRun> Once = new(() => GeneratorRun.Of(Files));

    /// <summary>The generator's run on all of them.</summary>
    public static GeneratorRun Run => Once.Value;

    /// <summary>The classes that run; an abstract one, or a file beside them, holds what several share.</summary>
    public static IEnumerable<string> Names => Files
        .Where(f => f.Text.Contains("[Architecture(", StringComparison.Ordinal) && !f.IsAbstract)
        .Select(f => Path.GetFileNameWithoutExtension(f.Path));

    /// <summary>Those that have snapshots, which are ArchGen's own: a file that somebody adds is held to nothing until its snapshots are accepted.</summary>
    public static IEnumerable<string> Own =>
        Names.Where(name => TextSnapshot.IsAccepting || Snapshots.Any(snapshot => snapshot.EndsWith("." + name, StringComparison.Ordinal)));

    /// <summary>The snapshots: <c>Artefact.Name</c>.</summary>
    public static IReadOnlyList<string> Snapshots { get; } =
    [
        .. Directory.GetFiles(Path.Combine(SharedFixtures.Root, "tests", "Generators.Tests", "Snapshots"), "*" + TextSnapshot.Verified)
            .Select(path => Path.GetFileName(path)[..^TextSnapshot.Verified.Length]),
    ];
}
