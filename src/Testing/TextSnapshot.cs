using System.Runtime.CompilerServices;
using ArchGen.Testing.Snapshots;
using DiffPlex.Renderer;

namespace ArchGen.Testing;

/// <summary>
/// Compares a text with the verified one, <c>NAME.verified.txt</c> beside the test's source. Where they differ it writes <c>NAME.received.txt</c> and fails
/// with a diff; a received text that is right is accepted by renaming it. With the environment variable ARCHGEN_ACCEPT_SNAPSHOTS=1 all are accepted at once, to
/// be read in the diff of the version control.
/// </summary>
public static class TextSnapshot
{
    /// <summary>The ending of verified files.</summary>
    public const string Verified = ".verified.txt";

    private const string Received = ".received.txt";
    private const int ContextLines = 3, MaxDiffLines = 120;

    /// <summary>Whether what is received becomes the verified text: ARCHGEN_ACCEPT_SNAPSHOTS is 1.</summary>
    public static bool IsAccepting { get; } = Environment.GetEnvironmentVariable("ARCHGEN_ACCEPT_SNAPSHOTS") == "1";

    /// <summary>Compares a text with <c>NAME.verified.txt</c>.</summary>
    /// <param name="text">The text. Line ends are compared as \n.</param>
    /// <param name="name">The name of the file without its ending. It may be a path relative to the folder of the test's source.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">The texts differ, or there is no verified one; the received one is written.</exception>
    public static Task Verify(string text, string name, [CallerFilePath] string sourceFile = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return Verify(text, name, sourceFile, IsAccepting);
    }

    internal static async Task Verify(string text, string name, string sourceFile, bool isAccepting)
    {
        var stem = Path.Combine(SourceFolder.Of(sourceFile), name);
        string verified = stem + Verified, received = stem + Received;
        text = text.ReplaceLineEndings("\n");
        var expected = File.Exists(verified) ? (await File.ReadAllTextAsync(verified).ConfigureAwait(false)).ReplaceLineEndings("\n") : null;
        if (expected == text || isAccepting)
        {
            if (expected != text) await WriteWhole(verified, text).ConfigureAwait(false);
            File.Delete(received);
            return;
        }

        await WriteWhole(received, text).ConfigureAwait(false);
        string from = Path.GetFileName(received), to = Path.GetFileName(verified);
        var accept = $"If the new text is right, rename {from} to {to} in {Path.GetDirectoryName(verified)}, "
            + "or run the tests once with ARCHGEN_ACCEPT_SNAPSHOTS=1.";
        throw new CheckFailedException(expected is null
            ? $"There is no {to} yet. {accept}\n\n{Shorten(text)}"
            : $"{to} is no longer what is received. {accept}\n\n{Diff(expected, text, to, from)}");
    }

    private static string Diff(string expected, string text, string to, string from) =>
        Shorten(UnidiffRenderer.GenerateUnidiff(expected, text, to, from, ignoreWhitespace: false, ignoreCase: false, ContextLines).ReplaceLineEndings("\n"));

    private static string Shorten(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Length <= MaxDiffLines
            ? string.Join('\n', lines)
            : $"{string.Join('\n', lines[..MaxDiffLines])}\n... {lines.Length - MaxDiffLines} more lines";
    }

    private static async Task WriteWhole(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pending = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllTextAsync(pending, text).ConfigureAwait(false);
            File.Move(pending, path, overwrite: true);
        }
        finally
        {
            File.Delete(pending);
        }
    }
}
