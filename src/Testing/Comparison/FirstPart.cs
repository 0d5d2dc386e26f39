using ArchGen.Gguf.Safetensors;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;

namespace ArchGen.Testing.Comparison;

/// <summary>Finds the first node at which a run parts from what another program computed.</summary>
internal static class FirstPart
{
    // Activations are those of single precision, layer after layer.
    private const double LeastBoundOfActivations = 1e-6;

    /// <summary>The node, in words; null if no node parts, or the file is not there.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graphs">Its graphs.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="mode">The way in which it is run.</param>
    /// <param name="path">Activations (<c>.safetensors</c>) or a dump of nodes.</param>
    /// <param name="words">The way in words.</param>
    /// <param name="bound">The largest error that counts as agreement.</param>
    public static string? Find(LoadedModel model, ModelGraphs graphs, IReadOnlyList<int> tokens, RunMode mode, string path, string words, double bound)
    {
        if (!File.Exists(path)) return null;
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            using var activations = SafetensorsFile.Open(path);
            var run = Trace.Run(graphs, tokens, mode, words);
            return ActivationComparison.Compare(run, model.Architecture, activations, Math.Max(bound, LeastBoundOfActivations)).DescribeFirst();
        }

        var dump = NodeDump.Open(path);
        return DumpComparison.Compare(Trace.Run(graphs, tokens, mode with { Gelu = dump.Gelu }, words), dump, bound).DescribeFirst();
    }
}
