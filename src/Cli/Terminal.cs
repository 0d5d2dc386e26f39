using System.Text;

namespace ArchGen.Cli;

/// <summary>Where a command writes: its result, and what is said about it.</summary>
/// <param name="Out">The result.</param>
/// <param name="Error">Progress, figures and messages.</param>
/// <param name="IsInteractive">Whether somebody watches <paramref name="Error"/>.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>The process's own streams, UTF-8.</summary>
    public static Terminal Process()
    {
        var output = new StreamWriter(new WatchedOutput(Console.OpenStandardOutput()), new UTF8Encoding(false)) { AutoFlush = true };
        return new Terminal(output, Console.Error, !Console.IsErrorRedirected);
    }

    /// <summary>Shows how far a long work is, on one line that is written again.</summary>
    public void Progress(string what, int done, int total)
    {
        if (!IsInteractive) return;
        Error.Write($"\r{what} {done}/{total} ");
        if (done >= total) Error.Write("\r\u001b[K");
    }
}
