using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Eager;

/// <summary>
/// The reference definition of every operation as a backend: one operation at a time, each value in a separate array, with the definitions in f32 and sums in
/// double. Slow; the reference of other backends.
/// </summary>
public sealed record EagerBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "eager";

    /// <summary>
    /// Whether keys, values and states are dropped before each micro-batch: the mistake of a port that does not carry them over. The default is
    /// false; for mutation testing.
    /// </summary>
    public bool DropsState { get; init; }

    IBackendSession IBackend.Open(SessionOptions options)
    {
        if (options.CacheType != CacheType.F32)
            throw new RequestException($"The eager backend keeps keys and values in f32, not in {options.CacheType}. Choose f32.");
        return new EagerSession(options, DropsState);
    }
}
