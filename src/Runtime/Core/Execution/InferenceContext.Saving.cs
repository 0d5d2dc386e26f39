using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <content>Keys, values and states as bytes, for files.</content>
public sealed partial class InferenceContext
{
    /// <summary>The type of the KV cache.</summary>
    internal CacheType CacheType => _options.CacheType;

    /// <summary>The caches, and which backend has each, by name.</summary>
    internal IReadOnlyList<(IBackendSession Session, CacheSpec Cache)> Caches =>
    [
        .. OfParts((session, step) => step is AttentionOperation { Stores: true, Cache: { } cache } ? (session, cache) : ((IBackendSession, CacheSpec)?)null)
            .OrderBy(found => found.Item2.Name, StringComparer.Ordinal),
    ];

    /// <summary>The states of a sequence, and which backend has each, by name.</summary>
    internal IReadOnlyList<(IBackendSession Session, StateSpec State)> States =>
    [
        .. OfParts((session, step) => step is Operation { State: { } state } ? (session, state) : ((IBackendSession, StateSpec)?)null)
            .DistinctBy(found => found.Item2.Name).OrderBy(found => found.Item2.Name, StringComparer.Ordinal),
    ];

    /// <summary>The place of a saved state among all states.</summary>
    internal int PlaceOfCheckpoint(int checkpoint) => _options.MaxSequences + checkpoint;

    /// <summary>Gives an empty sequence free cells for tokens whose keys and values are written afterwards.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">The number of tokens; at most as many cells are free.</param>
    internal void Fill(int sequence, int tokens) => _sequences.Fill(sequence, tokens);

    /// <summary>
    /// A hash (SHA-256) of what keys, values and states depend on: the graph with its adapters, the names and sizes of its weights, and a sample of their
    /// bytes.
    /// </summary>
    /// <param name="set">The set of adapters.</param>
    internal byte[] Fingerprint(int set)
    {
        const int Sample = 256;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(GraphText.Print(_graphs[set])));
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (var weight in _graphs[set].Nodes.Where(node => node.Op == Op.Weight).DistinctBy(node => node.Name))
        {
            var tensor = _weights.Find(weight);
            hash.AppendData(Encoding.UTF8.GetBytes(weight.Name));
            BinaryPrimitives.WriteInt64LittleEndian(length, tensor.ByteLength);
            hash.AppendData(length);
            var sample = (int)Math.Min(Sample, tensor.ByteLength);
            for (var i = 0; i < 3; i++) hash.AppendData(tensor.Slice((tensor.ByteLength - sample) / 2 * i, sample));
        }

        return hash.GetHashAndReset();
    }

    private IEnumerable<(IBackendSession, T)> OfParts<T>(Func<IBackendSession, PlanStep, (IBackendSession, T)?> select)
    {
        foreach (var part in _plans[0].Plan.Tokens.Where(part => part.Backend >= 0))
        {
            foreach (var step in part.Steps)
            {
                if (select(_backends.Sessions[part.Backend], step) is { } found) yield return found;
            }
        }
    }
}
