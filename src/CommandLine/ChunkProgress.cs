using System.Diagnostics;
using System.Globalization;

namespace ArchGen.CommandLine;

/// <summary>Shows a figure after each chunk of a text, as [1]6.1234,[2]5.9876, and the time left after the first chunk.</summary>
/// <param name="terminal">Shows the figures on its standard error.</param>
/// <param name="chunkLength">Tokens of a chunk.</param>
/// <param name="total">The number of chunks.</param>
internal sealed class ChunkProgress(Terminal terminal, int chunkLength, int total)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _isTimed;

    public void Show(int chunk, string figure)
    {
        if (!_isTimed)
        {
            _isTimed = true;
            var seconds = _clock.Elapsed.TotalSeconds / chunk;
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{total} chunks of {chunkLength} tokens, {seconds:0.00} s each, "
                    + $"{TimeSpan.FromSeconds(seconds * (total - chunk)):h\\:mm\\:ss} left"));
        }

        terminal.Error.Write($"[{chunk}]{figure}{(chunk < total ? "," : "")}");
        terminal.Error.Flush();
    }

    public void End() => terminal.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"\n{_clock.Elapsed.TotalSeconds:0.0} s, {(double)total * chunkLength / _clock.Elapsed.TotalSeconds:0} tokens/s"));
}
