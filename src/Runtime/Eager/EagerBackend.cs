using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Eager;

/// <summary>
/// The plain meaning of every operation as a backend: one operation at a time, each value in a separate array, with the definitions in f32 and sums in
/// double. Slow; what other backends are compared with.
/// </summary>
public sealed record EagerBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "eager";

    /// <summary>
    /// Whether its operations lose, before each micro-batch, what they remember of a sequence: the mistake of a porter who does not carry it. Defaults to
    /// no; for tests of tests.
    /// </summary>
    public bool Forgets { get; init; }

    IBackendSession IBackend.Open(SessionOptions options)
    {
        if (options.CacheType != CacheType.F32)
            throw new RequestException($"The eager backend keeps keys and values in f32, not in {options.CacheType}. Choose f32.");
        return new EagerSession(options, Forgets);
    }
}
