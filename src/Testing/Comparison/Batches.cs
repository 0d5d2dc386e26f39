using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Execution;

namespace ArchGen.Testing.Comparison;

/// <summary>The ways in which a prompt is run: all of them must give the same.</summary>
internal static class Batches
{
    /// <summary>In one batch; and in two and token by token, unless tokens see later ones.</summary>
    public static IEnumerable<(string Words, RunMode Mode)> Of(ModelGraphs graphs, int tokens, GeluPrecision gelu = GeluPrecision.Exact)
    {
        var mode = new RunMode { Backend = CpuBackend.Exact(), Gelu = gelu };
        yield return ("in one batch", mode);
        if (graphs.IsBidirectional || tokens < 2) yield break;
        yield return ("in two batches", mode with { BatchSize = (tokens + 1) / 2 });
        if (tokens > 2) yield return ("token by token", mode with { BatchSize = 1 });
    }
}
