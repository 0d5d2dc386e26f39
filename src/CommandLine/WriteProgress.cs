using System.Diagnostics;
using System.Globalization;

namespace ArchGen.CommandLine;

/// <summary>Shows the bytes of a file that are written, and the time left.</summary>
internal sealed class WriteProgress(Terminal terminal, long total)
{
    private const long Interval = 100;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _shown;

    /// <summary>Reports the number of bytes written so far; thread-safe. Shows it at most every 100 ms.</summary>
    public void Report(long done)
    {
        var now = _clock.ElapsedMilliseconds;
        var shown = Interlocked.Read(ref _shown);
        if (!terminal.IsInteractive || now - shown < Interval || Interlocked.CompareExchange(ref _shown, now, shown) != shown) return;
        var left = TimeSpan.FromMilliseconds(now * ((double)(total - done) / Math.Max(done, 1)));
        terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done / 1e9:0.00} of {total / 1e9:0.00} GB, {left:h\\:mm\\:ss} left \u001b[K"));
    }

    /// <summary>Clears the line.</summary>
    public void End()
    {
        _clock.Stop();
        if (terminal.IsInteractive) terminal.Error.Write("\r\u001b[K");
    }

    /// <summary>The summary: size, seconds and MB/s.</summary>
    public string Text(string what)
    {
        var seconds = _clock.Elapsed.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture,
            $"{what}, {total / 1e9:0.00} GB in {seconds:0.0} s ({total / 1e6 / Math.Max(seconds, 1e-3):0} MB/s).");
    }
}
