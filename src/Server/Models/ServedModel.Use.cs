namespace ArchGen.Server.Models;

/// <content>Who uses it. Read and written by the registry, under its lock.</content>
internal sealed partial class ServedModel
{
    /// <summary>The application's own models are not closed.</summary>
    public bool IsOwned => _fixed is null;

    /// <summary>The leases.</summary>
    public int Users { get; set; }

    /// <summary>Requests that wait until it is open.</summary>
    public int Waiters { get; set; }

    /// <summary>The opening or closing that is under way; null for none.</summary>
    public Task? Change { get; set; }

    /// <summary>Why it could not be opened; null if it was, or was not tried.</summary>
    public Exception? Failure { get; set; }

    /// <summary>When the last lease ended, by the clock's timestamp.</summary>
    public long LastUsed { get; set; }

    /// <summary>How long the last request wants it to be kept open; null if it said nothing.</summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>Closes it when it was not used for long enough.</summary>
    public ITimer? IdleTimer { get; set; }

    /// <summary>Whether it is open, and nothing needs it.</summary>
    public bool IsIdle => State == ModelState.Loaded && Change is null && Users == 0 && Waiters == 0 && IsOwned;
}
