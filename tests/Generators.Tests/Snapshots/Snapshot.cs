using System.Runtime.CompilerServices;

namespace ArchGen.Generators.Tests.Snapshots;

/// <summary>
/// Compares a text with the verified one beside its test: <c>Test.Case.verified.txt</c>. Where they differ it writes <c>Test.Case.received.txt</c> and fails;
/// a received text that is right is accepted by renaming it. With ARCHGEN_ACCEPT_SNAPSHOTS=1 all are accepted at once, to be read in the diff, and those of
/// a class that has none are made.
/// </summary>
internal static class Snapshot
{
    private const string Tests = "Generators.Tests", Ending = ".verified.txt";

    /// <summary>Whether what is generated is to become the snapshots.</summary>
    public static readonly bool IsAccepting = Environment.GetEnvironmentVariable("ARCHGEN_ACCEPT_SNAPSHOTS") == "1";

    /// <summary>The snapshots beside the tests: <c>Test.Case</c>.</summary>
    public static IReadOnlyList<string> Verified { get; } = Here();

    /// <summary>Whether an architecture has snapshots, or is to have them.</summary>
    public static bool IsOwn(string name) => IsAccepting || Verified.Any(s => s.EndsWith("." + name, StringComparison.Ordinal));

    public static void Verify(string text, string testName, string @case, [CallerFilePath] string caller = "")
    {
        var stem = Path.Combine(Folder(caller), $"{testName}.{@case}");
        string verified = stem + Ending, received = stem + ".received.txt";
        var expected = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n", StringComparison.Ordinal) : null;
        if (expected == text)
        {
            File.Delete(received);
            return;
        }

        if (IsAccepting)
        {
            File.WriteAllText(verified, text);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail(expected is null
            ? $"{Path.GetFileName(verified)} does not exist. The text is in {Path.GetFileName(received)}; rename it if it is right."
            : $"{Path.GetFileName(verified)} differs from {Path.GetFileName(received)}; rename the latter if it is right.\n{FirstDifference(expected, text)}");
    }

    private static string[] Here([CallerFilePath] string caller = "") =>
        [.. Directory.GetFiles(Folder(caller), "*" + Ending).Select(path => Path.GetFileName(path)[..^Ending.Length])];

    /// <summary>
    /// The folder of the test's source. A deterministic build may have replaced its root, so it is looked for from the test's output upwards.
    /// </summary>
    private static string Folder(string caller)
    {
        var directory = Path.GetDirectoryName(caller)!;
        if (Directory.Exists(directory)) return directory;
        var parts = directory.Split('/', '\\');
        var below = parts[(Array.IndexOf(parts, Tests) + 1)..];
        for (var up = new DirectoryInfo(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            if (up.Name == Tests && up.GetFiles("*.csproj").Length > 0) return Path.Combine([up.FullName, .. below]);
        }

        throw new DirectoryNotFoundException($"The folder of {caller} is not to be found above {AppContext.BaseDirectory}.");
    }

    private static string FirstDifference(string expected, string received)
    {
        string[] before = expected.Split('\n'), after = received.Split('\n');
        var line = Enumerable.Range(0, Math.Max(before.Length, after.Length)).First(i => Line(before, i) != Line(after, i));
        return $"line {line + 1}:\n- {Line(before, line)}\n+ {Line(after, line)}";
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? lines[index] : "(the end)";
}
