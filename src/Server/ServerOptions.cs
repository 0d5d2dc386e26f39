using ArchGen.Extensions.AI;
using ArchGen.Server.Security;

namespace ArchGen.Server;

/// <summary>How models are served. The command <c>archgen serve</c> sets it by flags, environment and a file: docs/server.md has the table.</summary>
public sealed class ServerOptions
{
    /// <summary>
    /// The models. Defaults to none; then those of <see cref="ModelsFolder"/> are served, or what
    /// <see cref="ArchGenServiceCollectionExtensions.AddArchGen"/> added to the application.
    /// </summary>
    public IList<ServedModelOptions> Models { get; } = [];

    /// <summary>Whether there is a page to chat, at <c>/</c>. Defaults to true.</summary>
    public bool ServesPage { get; set; } = true;
    /// <summary>A folder whose GGUF files are served, too, each under the file's name without its extension. Defaults (null) to none.</summary>
    public string? ModelsFolder { get; set; }

    /// <summary>How a file of <see cref="ModelsFolder"/> is opened: gets its path. Defaults to the usual options.</summary>
    public Func<string, ServedModelOptions> FolderModel { get; set; } = static path =>
    {
        var model = new ServedModelOptions();
        model.Model.ModelPath = path;
        return model;
    };

    /// <summary>Models that are open at the same time; 0 for any number. One that is in use is never closed for another. Defaults to 4.</summary>
    public int MaxLoadedModels { get; set; } = 4;

    /// <summary>Bytes of weights and caches that open models may take together. Defaults (null) to no limit.</summary>
    public long? MaxModelBytes { get; set; }

    /// <summary>
    /// Time after which a model that is not used is closed, for requests that say nothing (<c>keep_alive</c>, <c>ttl</c>). It is opened again when it is next
    /// requested. Defaults (null) to never if there is one model, and to 5 minutes if there are several. <see cref="Timeout.InfiniteTimeSpan"/> is never.
    /// </summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>Whether the first of <see cref="Models"/> is opened at once, and the server is not ready before. Defaults to true.</summary>
    public bool LoadsFirstModel { get; set; } = true;

    /// <summary>Whether a request opens the model that it names. Defaults to true; otherwise <c>POST /models/load</c> does.</summary>
    public bool LoadsOnDemand { get; set; } = true;

    /// <summary>The keys of which a request must have one. Defaults to none: anyone may send requests.</summary>
    public ApiKeySet ApiKeys { get; } = new();

    /// <summary>
    /// Origins whose pages may call the server from a browser, such as <c>https://chat.example</c>; <c>*</c> for all. Pages of this server and of the
    /// user's own machine always may. Defaults to none. For <see cref="ServerApplication"/>: an application of one's own has its own policy.
    /// </summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>
    /// Host names by which the server may be called beside addresses and <c>localhost</c>; a first dot means all names below. Defaults to none, and then any
    /// name is right unless the server listens on the loopback interface alone. For <see cref="ServerApplication"/>.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Requests of one key, or of one address if there are no keys, that are answered at the same time; 0, the default, for any number.</summary>
    public int MaxRequestsPerKey { get; set; }

    /// <summary>Requests of one key, or of one address if there are no keys, in a minute; 0, the default, for any number.</summary>
    public int MaxRequestsPerMinute { get; set; }

    /// <summary>Levels to which the JSON of a request may be nested. Defaults to 64.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>Bytes that a request may have. Defaults to 30 MB.</summary>
    public long MaxRequestBytes { get; set; } = 30_000_000;

    /// <summary>Messages that a conversation may have, or texts a list of inputs. Defaults to 10,000.</summary>
    public int MaxMessages { get; set; } = 10_000;

    /// <summary>Tools that a request may have. Defaults to 1,024.</summary>
    public int MaxTools { get; set; } = 1024;

    /// <summary>Bytes of one schema, grammar or template in a request. Defaults to 1 MB.</summary>
    public int MaxSchemaBytes { get; set; } = 1_000_000;

    /// <summary>Time that answers which have begun get to end when the server stops. Defaults to 30 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a step of an engine whose answers wait, after which the server is no longer ready. Defaults to 2 minutes; 0 for never.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether there is <c>/metrics</c>. Defaults to true.</summary>
    public bool ServesMetrics { get; set; } = true;

    /// <summary>Time that a client gets to send the headers of a request. Defaults to 15 s. For <see cref="ServerApplication"/>.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Time after which a client that sends its request at less than 240 bytes a second is cut off. Defaults to 10 s. For <see cref="ServerApplication"/>.
    /// </summary>
    public TimeSpan SlowSenderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a client that reads nothing of its answer is cut off. Defaults to 2 minutes. For <see cref="ServerApplication"/>.</summary>
    public TimeSpan SlowReaderTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections at the same time. Defaults to 1,024. For <see cref="ServerApplication"/>.</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>A certificate in PEM, for HTTPS. Defaults (null) to HTTP. For <see cref="ServerApplication"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The private key of <see cref="CertificateFile"/> in PEM. For <see cref="ServerApplication"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>The path of a Unix socket to listen on in place of addresses. Defaults (null) to none. For <see cref="ServerApplication"/>.</summary>
    public string? UnixSocket { get; set; }

    /// <summary>Time after which a stream without events sends a comment, so that proxies keep the connection. Defaults to 15 s; 0 for never.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether answers of conversations tell with which prompt and settings they were made (<c>__verbose</c>). Defaults to false.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>Whether there is <c>GET /slots</c>, which tells what is being generated. Defaults to true.</summary>
    public bool ServesSlots { get; set; } = true;

    /// <summary>The folder in which <c>/slots</c> saves conversations. Defaults (null) to none: then nothing can be saved.</summary>
    public string? SlotsFolder { get; set; }

    /// <summary>
    /// The path of Vertex AI's <c>predict</c>, which passes requests on to the endpoints that they name. Defaults (null) to none.
    /// </summary>
    public string? PredictPath { get; set; }

    /// <summary>The clock. Defaults to the system's.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}
