using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Tests.Execution;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Of every operation: a sequence's results have the same bits alone and among seven others, in any chunking and on any threads.</summary>
public sealed class BatchInvarianceTests
{
    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Results_do_not_depend_on_company(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        foreach (var target in CpuTarget.All.Where(target => target.IsSupported && (target.IsExact || target == CpuTarget.Fastest)))
        {
            foreach (var type in target == CpuTarget.Exact ? Enum.GetValues<CacheType>() : [CacheType.F16])
            {
                foreach (var phase in (TokenPhase[])[TokenPhase.Prefill, TokenPhase.Decode]) AssertEqual(graphs, fixture.Tokens, target, type, phase);
            }
        }
    }

    private static void AssertEqual(ModelGraphs graphs, int[] tokens, CpuTarget target, CacheType type, TokenPhase phase)
    {
        float[]? expected = null;
        var encoded = graphs.Encoder is null
            ? null
            : new ModelGraphs(graphs.File, null, graphs.Encoder).Run(tokens, new RunMode { Backend = new CpuBackend { Threads = 1, Target = target } });
        foreach (var threads in (int[])[1, 2])
        {
            foreach (var (way, rows) in Companies.Evaluate(() => Open(threads), tokens, vocabulary: tokens.Max() + 1, phase, isShort: threads > 1))
            {
                expected ??= rows;
                Assert.True(expected.AsSpan().SequenceEqual(rows), $"{target}, {phase}, {threads} threads, cache {type}: {way}, the results are others.");
            }
        }

        InferenceContext Open(int threads)
        {
            var context = new InferenceContext(graphs.Main, graphs.File, new ContextOptions
            {
                Backend = new CpuBackend { Threads = threads, Target = target },
                ContextLength = Companies.CellsFor(tokens.Length),
                SequenceLength = tokens.Length,
                MaxSequences = Companies.Sequences,
                CacheType = type,
            });
            if (encoded is not null) context.SetEncoded(encoded, tokens.Length);
            return context;
        }
    }
}
