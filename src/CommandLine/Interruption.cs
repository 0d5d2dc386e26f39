using System.Runtime.InteropServices;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine;

/// <summary>
/// Ctrl-C (SIGINT), SIGTERM and SIGHUP: the command is cancelled, and ends between two steps of its work. If it has not ended after 0.7 s, its
/// unfinished files are deleted and the process ends. The exit code is what shells expect: 128 plus the signal's number.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // With the time that the process takes to end, about a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private static Action? s_capture;
    private static bool s_mayFinish;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, 1)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Lets Ctrl-C call an action in place of ending the command, such as ending an answer, until the result is disposed. Other signals end the command.
    /// </summary>
    public static IDisposable Capture(Action action)
    {
        s_capture = action;
        return new Released();
    }

    /// <summary>
    /// Lets the command take its time after the first signal, such as a server that answers what has begun; the second one ends it at once. Until the result
    /// is disposed.
    /// </summary>
    public static IDisposable LetFinish()
    {
        Volatile.Write(ref s_mayFinish, true);
        return new Finished();
    }

    /// <summary>The exit code of an interrupted process; null if it was not interrupted.</summary>
    public int? ExitCode => _exitCode == 0 ? null : _exitCode;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    // Called on a separate thread. A second signal does not wait.
    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (number == 2 && Volatile.Read(ref s_capture) is { } capture)
        {
            capture();
            return;
        }

        if (Interlocked.CompareExchange(ref _exitCode, 128 + number, 0) == 0)
        {
            _source.Cancel();
            if (Volatile.Read(ref s_mayFinish)) return;
            Thread.Sleep(Patience);
        }

        PendingFile.DeleteAll();
        Environment.Exit(_exitCode);
    }

    private sealed class Finished : IDisposable
    {
        public void Dispose() => Volatile.Write(ref s_mayFinish, false);
    }

    private sealed class Released : IDisposable
    {
        public void Dispose() => s_capture = null;
    }
}
