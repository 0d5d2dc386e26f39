using ArchGen.Extensions.AI;

namespace ArchGen.Server;

/// <summary>How models are served. The command <c>archgen serve</c> sets it by flags, environment and a file: docs/server.md has the table.</summary>
public sealed class ServerOptions
{
    /// <summary>
    /// The models. Defaults to none; then what <see cref="ArchGenServiceCollectionExtensions.AddArchGen"/> added to the application is served.
    /// </summary>
    public IList<ServedModelOptions> Models { get; } = [];

    /// <summary>Whether there is a page to chat, at <c>/</c>. Defaults to true.</summary>
    public bool ServesPage { get; set; } = true;

    /// <summary>Levels to which the JSON of a request may be nested. Defaults to 64.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>Bytes that a request may have. Defaults to 30 MB.</summary>
    public long MaxRequestBytes { get; set; } = 30_000_000;

    /// <summary>Time after which a stream without events sends a comment, so that proxies keep the connection. Defaults to 15 s; 0 for never.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock. Defaults to the system's.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}
