using ArchGen.Gguf;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Cache;

/// <summary>Finite numbers that are too large for the type of a cache.</summary>
internal static class CacheOverflow
{
    /// <summary>The error that says so.</summary>
    /// <param name="node">The attention.</param>
    /// <param name="ofKeys">Whether the numbers are keys, not values.</param>
    /// <param name="type">The type of the cache.</param>
    public static ModelFileException Of(Node node, bool ofKeys, CacheType type) => new(
        $"{node.Name}: {(ofKeys ? "keys" : "values")} are too large for a cache of {(type == CacheType.F16 ? "f16 (beyond 65504)" : "q8_0")}. "
        + "Keep the cache in a wider type: --cache-type f32.");
}
