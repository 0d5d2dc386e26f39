using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>Attention beyond the cases of every operation: heads of all widths, long contexts, and many sequences at once.</summary>
public sealed class AttentionTests
{
    /// <summary>Widths that are no multiples of anything, of latent attention, and groups of more heads than a tile takes.</summary>
    public static TheoryData<string, int, int, int, int, CacheType> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, int, int, CacheType>();
            foreach (var backend in new[] { "cpu", TestBackends.Device })
            {
                foreach (var type in Enum.GetValues<CacheType>())
                {
                    shapes.Add(backend, 3, 3, 1, 2, type);
                    shapes.Add(backend, 5, 1, 7, 9, type);
                    shapes.Add(backend, 9, 3, 64, 64, type);
                    shapes.Add(backend, 40, 1, 34, 33, type);
                    // Compiling the widest takes a software device many seconds: with one type there.
                    if (backend == TestBackends.Device && type != CacheType.F16) continue;
                    shapes.Add(backend, 2, 1, 576, 512, type);
                    shapes.Add(backend, 1, 1, 1024, 1024, type);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Heads_of_every_width_match_the_reference(string backend, int heads, int keyHeads, int width, int valueWidth, CacheType type)
    {
        using var run = new ReferenceRun(Graph(heads, keyHeads, width, valueWidth));
        var tokens = ReferenceRun.Tokens(13);
        using var context = run.Context(type: type, backend: backend);
        float[] rows = [.. ReferenceRun.Run(context, tokens.AsSpan(0, 10), 10), .. ReferenceRun.Run(context, tokens.AsSpan(10), 1)];
        ReferenceRun.Close(run.Expected(tokens), rows, type switch { CacheType.F32 => 1e-10, CacheType.F16 => 1e-6, _ => 1e-3 });
    }

    /// <summary>Keys are split between workgroups, and merged; the processor has been held against the references.</summary>
    [Theory]
    [InlineData(0, CacheType.F32, 1e-10)]
    [InlineData(700, CacheType.F32, 1e-10)]
    [InlineData(0, CacheType.F16, 1e-8)]
    [InlineData(0, CacheType.Q8_0, 1e-6)]
    public void Long_contexts_give_what_the_processor_gives(int window, CacheType type, double tolerance)
    {
        using var run = new ReferenceRun(Graph(9, 3, 64, 64, "sinks", (Attr.Window, window), (Attr.AlibiMaxBias, 8)));
        var tokens = ReferenceRun.Tokens(3003);
        var results = new List<float[]>();
        foreach (var backend in new[] { "cpu", TestBackends.Device })
        {
            using var context = run.Context(length: 3100, maxBatch: 512, type: type, backend: backend);
            var prompt = ReferenceRun.Run(context, tokens.AsSpan(0, 3000), 512);
            results.Add([.. prompt[^(5 * context.Width)..], .. ReferenceRun.Run(context, tokens.AsSpan(3000), 1)]);
        }

        ReferenceRun.Close(results[0], results[1], tolerance);
    }

    /// <summary>Sequences of one token each, of some, and of many in one micro-batch; two begin with the cells of another.</summary>
    [Theory]
    [InlineData("cpu", 1)]
    [InlineData(TestBackends.Device, 1)]
    [InlineData("cpu", 3)]
    [InlineData(TestBackends.Device, 3)]
    [InlineData("cpu", 20)]
    [InlineData(TestBackends.Device, 20)]
    public void Many_sequences_in_one_micro_batch_match_the_reference(string backend, int most)
    {
        using var run = new ReferenceRun(Graph(6, 2, 20, 12, "sinks", (Attr.Window, 9)));
        using var context = run.Context(length: 320, maxBatch: 200, sequences: 8, backend: backend);
        var sequences = Enumerable.Range(0, 8).Select(s => ReferenceRun.Tokens(40, seed: s)).ToArray();
        var shared = ReferenceRun.Tokens(14, seed: 77);
        foreach (var s in new[] { 2, 5, 6 }) shared.CopyTo(sequences[s], 0);
        ReferenceRun.Run(context, shared, 14, sequence: 2);
        context.CopySequence(2, 5);
        context.CopySequence(2, 6);
        context.TruncateSequence(6, 11);
        var rows = Enumerable.Range(0, 8).Select(_ => new List<float>()).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var batch = new Batch();
            var of = new List<int>();
            for (var i = 0; i < most; i++)
            {
                foreach (var s in Enumerable.Range(0, 8).Where(s => i < Math.Max(1, most - (2 * s))))
                {
                    var position = context.NextPosition(s) + of.Count(x => x == s);
                    if (position >= 40) continue;
                    batch.Add(sequences[s][position], position, s, wantOutput: true);
                    of.Add(s);
                }
            }

            context.Evaluate(batch);
            for (var i = 0; i < of.Count; i++) rows[of[i]].AddRange(context.Output(i));
        }

        for (var s = 0; s < 8; s++)
        {
            var (from, count) = (s switch { 2 or 5 => 14, 6 => 11, _ => 0 }, rows[s].Count / context.Width);
            run.AssertClose(run.Expected(sequences[s][..(from + count)])[(from * context.Width)..], rows[s].ToArray());
        }
    }

    /// <summary>Where nobody reads results, numbers that do not fit are found all the same; and the next batch is a new one.</summary>
    [Theory]
    [InlineData("cpu", true)]
    [InlineData(TestBackends.Device, true)]
    [InlineData("cpu", false)]
    [InlineData(TestBackends.Device, false)]
    public void Numbers_beyond_the_type_of_the_cache_are_found_without_outputs(string backend, bool areKeys)
    {
        var b = new GraphBuilder("large");
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        var heads = b.Heads(x, 3);
        var large = b.Add("large", Op.Scale, [heads], new((Attr.Factor, 1e6f)));
        int[] operands = [heads, areKeys ? large : heads, areKeys ? heads : large, -1, -1];
        using var run = new ReferenceRun(b.Build(b.Add("blk.0.attn", Op.Attention, operands, new(SampleGraphs.Attention))));
        using var context = run.Context(type: CacheType.F16, backend: backend);
        var batch = new Batch();
        for (var i = 0; i < 3; i++) batch.Add(i, i, sequence: 0, wantOutput: false);
        for (var i = 0; i < 2; i++)
        {
            var error = Assert.Throws<ModelFileException>(() => context.Evaluate(batch));
            Assert.StartsWith($"blk.0.attn: {(areKeys ? "keys" : "values")} are too large for a cache of f16", error.Message);
            Assert.Equal(0, context.NextPosition(0));
        }
    }

    private static Graph Graph(int heads, int keyHeads, int width, int valueWidth, string? extra = null, params (Attr Key, double Value)[] numbers)
    {
        var b = new GraphBuilder("attention");
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        int Project(string name, int count, int width) => b.Heads(b.Add(name, Op.Linear, [x, b.Weight("w" + name, count * width, 24)], default), count);
        var sinks = extra == "sinks" ? b.Weight("sinks", heads) : -1;
        int[] operands = [Project("q", heads, width), Project("k", keyHeads, width), Project("v", keyHeads, valueWidth), -1, sinks];
        (Attr Key, double Value)[] all = [(Attr.Factor, 0.5 / Math.Sqrt(width)), .. numbers];
        return b.Build(b.Add("y", Op.Attention, operands, new([.. SampleGraphs.Attention.Where(n => all.All(o => o.Key != n.Item1)), .. all])));
    }
}
