using System.Diagnostics;
using System.Text;

namespace ArchGen.Packages.Tests;

/// <summary><c>dotnet watch test</c>, which runs until it is disposed.</summary>
internal sealed class WatchedTests : IDisposable
{
    // What it prints when the tests have run and an edit is waited for.
    private const string Waits = "Waiting for a file to change before restarting";

    // A round takes about ten seconds; the machine may be busy.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly StringBuilder _printed = new();
    private readonly Process _process;
    private int _read;

    public WatchedTests(ProcessStartInfo start)
    {
        // Events of files may be lost on file systems of containers, and their number is limited; the watched folder is small.
        start.Environment["DOTNET_USE_POLLING_FILE_WATCHER"] = "1";
        start.Environment["DOTNET_WATCH_SUPPRESS_EMOJIS"] = "1";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the tests have run, the first time or after an edit; returns what was printed since the last time.</summary>
    public string Next()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Longest && !_process.HasExited; Thread.Sleep(100))
        {
            lock (_lock)
            {
                var text = _printed.ToString(_read, _printed.Length - _read);
                if (!text.Contains(Waits, StringComparison.Ordinal)) continue;
                _read = _printed.Length;
                return text;
            }
        }

        lock (_lock) throw new InvalidOperationException($"dotnet watch {(_process.HasExited ? "ended" : "ran no tests")}:\n{_printed}");
    }

    public void Dispose()
    {
        CommandProcess.End(_process);
        _process.Dispose();
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_lock) _printed.Append(line.Data).Append('\n');
    }
}
