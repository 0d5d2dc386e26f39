using System.Runtime.InteropServices;
using ArchGen.Gguf.Files;

namespace ArchGen.Cli;

/// <summary>
/// Ctrl-C (SIGINT), SIGTERM and SIGHUP: the command is asked to end, and does so between two steps of its work. Has it not after a moment, its files on
/// their way are deleted and the process ends. The exit code is what shells expect: 128 and the signal's number.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // With what the process takes to end, a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

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

    /// <summary>What the process returns if it was interrupted; null if it was not.</summary>
    public int? ExitCode => _exitCode == 0 ? null : _exitCode;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    // Called on a thread of its own. A second signal does not wait.
    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, 128 + number, 0) == 0)
        {
            _source.Cancel();
            Thread.Sleep(Patience);
        }

        PendingFile.DeleteAll();
        Environment.Exit(_exitCode);
    }
}
