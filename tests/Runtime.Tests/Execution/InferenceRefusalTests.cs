using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>What a context refuses, before or while it computes.</summary>
public sealed class InferenceRefusalTests
{
    [Theory]
    [InlineData("cpu", CacheType.F16, 1e6f, "keys are too large for a cache of f16")]
    [InlineData(TestBackends.Device, CacheType.F16, 1e6f, "keys are too large for a cache of f16")]
    [InlineData("cpu", CacheType.Q8_0, 1e9f, "keys are too large for a cache of q8_0")]
    [InlineData(TestBackends.Device, CacheType.Q8_0, 1e9f, "keys are too large for a cache of q8_0")]
    [InlineData("cpu", CacheType.F32, 1e9f, null)]
    [InlineData(TestBackends.Device, CacheType.F32, 1e9f, null)]
    public void Keys_beyond_the_type_of_the_cache_name_it(string backend, CacheType type, float factor, string? message)
    {
        var b = new GraphBuilder("large keys");
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        var heads = b.Add("heads", Op.Heads, [x], new((Attr.Count, 3)));
        var keys = b.Add("keys", Op.Scale, [heads], new((Attr.Factor, factor)));
        using var run = new ReferenceRun(b.Build(b.Add("blk.0.attn", Op.Attention, [heads, keys, heads, -1, -1], new(SampleGraphs.Attention))));
        using var context = run.Context(type: type, backend: backend);
        if (message is null)
        {
            context.Evaluate(ReferenceRun.BatchOf([1, 2], 0));
            return;
        }

        var error = Assert.Throws<ModelFileException>(() => context.Evaluate(ReferenceRun.BatchOf([1, 2], 0)));
        Assert.StartsWith($"blk.0.attn: {message}", error.Message);
        Assert.EndsWith("--cache-type f32.", error.Message);
        Assert.Equal(0, context.NextPosition(0));
    }

    [Fact]
    public void Bad_batches_are_refused_and_change_nothing()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(8);
        using var context = run.Context(length: 8);
        Refused("vocabulary", (32, 0, 0));
        Refused("vocabulary", (-1, 0, 0));
        Refused("sequence", (1, 0, 1));
        Refused("Position", (1, 0, 0), (1, 0, 0));
        Refused("Position", (1, -1, 0));
        Refused("full", [.. Enumerable.Range(0, 9).Select(i => (1, i, 0))]);
        ReferenceRun.Close(run.Expected(tokens), ReferenceRun.Run(context, tokens, 8));
        Refused("full", (1, 8, 0));

        void Refused(string word, params (int Token, int Position, int Sequence)[] entries)
        {
            var batch = new Batch();
            foreach (var (token, position, sequence) in entries) batch.Add(token, position, sequence, wantOutput: true);
            var error = Assert.ThrowsAny<ArchGenException>(() => context.Evaluate(batch));
            Assert.Contains(word, error.Message);
            Assert.Equal(word == "full" ? typeof(ContextFullException) : typeof(RequestException), error.GetType());
        }
    }

    [Fact]
    public void Positions_beyond_the_learned_ones_are_refused()
    {
        using var run = new ReferenceRun(OperationCases.Graph("positions"));
        using var context = run.Context(length: 100);
        var batch = new Batch();
        batch.Add(1, 64, 0, wantOutput: true);
        Assert.Contains("64", Assert.Throws<ContextFullException>(() => context.Evaluate(batch)).Message);
    }

    [Fact]
    public void Numbers_that_would_let_a_kernel_leave_its_memory_are_refused()
    {
        Refused("groups", (b, x) => b.Add("groups", Op.TopGroups, [x], new((Attr.Groups, 4), (Attr.Count, 1), (Attr.Length, -1))));
        Refused("gather", (b, x) => b.Add("gather", Op.Gather, [
            b.Add("slice", Op.Slice, [x], new((Attr.Start, 0), (Attr.Length, 4))), b.Add("ids", Op.TopK, [x], new((Attr.Count, 2)))], default));
        Refused("attention", (b, x) =>
        {
            var heads = b.Add("heads", Op.Heads, [x], new((Attr.Count, 2)));
            return b.Add("attention", Op.Attention, [heads, heads, heads, b.Weight("buckets", 8, 2)], new(SampleGraphs.Attention));
        });
        Refused("experts", (b, x) => b.Add(
            "experts", Op.ExpertLinear, [x, b.Weight("w", 4, 8, 8), b.Add("ids", Op.TopK, [x], new((Attr.Count, 2)))], default));

        static void Refused(string node, Func<GraphBuilder, int, int> body)
        {
            var b = new GraphBuilder("hostile");
            var tokens = b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens));
            var graph = b.Build(body(b, b.Add("embd", Op.GetRows, [b.Weight("table", 32, 8), tokens], default)));
            using var run = new ReferenceRun(graph);
            Assert.StartsWith(node + ":", Assert.Throws<GraphException>(() => run.Context()).Message);
        }
    }

    [Fact]
    public void A_context_beyond_the_memory_is_refused()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        Assert.Contains("memory", Assert.Throws<DeviceException>(() => run.Context(length: int.MaxValue, sequences: 1 << 20)).Message);
    }
}
