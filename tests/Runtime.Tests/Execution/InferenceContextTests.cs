using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>What a context remembers, forgets and refuses.</summary>
public sealed class InferenceContextTests
{
    [Theory]
    [InlineData("cpu", CacheType.F32, 1e-10)]
    [InlineData("cpu", CacheType.F16, 1e-6)]
    [InlineData("cpu", CacheType.Q8_0, 1e-3)]
    [InlineData(TestBackends.Device, CacheType.F32, 1e-10)]
    [InlineData(TestBackends.Device, CacheType.F16, 1e-6)]
    [InlineData(TestBackends.Device, CacheType.Q8_0, 1e-3)]
    public void Every_cache_type_keeps_keys_and_values(string backend, CacheType type, double tolerance)
    {
        using var run = new ReferenceRun(OperationCases.Graph("grouped-query attention in a window"));
        var tokens = ReferenceRun.Tokens(40);
        using var context = run.Context(type: type, backend: backend);
        ReferenceRun.Close(run.Expected(tokens), ReferenceRun.Run(context, tokens, 3), tolerance);
    }

    /// <summary>Cancelled by what sees the first node: no other is computed, and the sequence goes on from where it was.</summary>
    [Fact]
    public void A_cancelled_batch_ends_between_two_steps_and_leaves_the_sequence_as_it_was()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(12);
        using var source = new CancellationTokenSource();
        int seen = 0, last = int.MaxValue;
        using var context = run.Context(length: 12, observer: (_, _, _) =>
        {
            if (++seen == last) source.Cancel();
        });
        ReferenceRun.Run(context, tokens.AsSpan(0, 7), 7);
        last = seen + 1;
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(BatchOf(tokens, 7), source.Token));
        Assert.Equal((last, 7), (seen, context.NextPosition(0)));
        Assert.Throws<RequestException>(() => context.Output(0).Length);
        ReferenceRun.Close(run.Expected(tokens)[(7 * context.Width)..], ReferenceRun.Run(context, tokens.AsSpan(7), 5));
    }

    /// <summary>A long prompt is one batch: its rows come micro-batch by micro-batch, and no others are kept.</summary>
    [Fact]
    public void A_long_prompt_hands_over_the_rows_of_each_micro_batch()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(23);
        using var context = run.Context(length: 23, maxBatch: 4);
        var parts = new List<(int First, int End)>();
        var rows = new List<float>();
        context.Evaluate(BatchOf(tokens, 0), (first, end) =>
        {
            parts.Add((first, end));
            for (var i = first; i < end; i++) rows.AddRange(context.Output(i));
            if (first > 0) Assert.Throws<RequestException>(() => context.Output(first - 1).Length);
        });
        Assert.Equal([(0, 4), (4, 8), (8, 12), (12, 16), (16, 20), (20, 23)], parts);
        ReferenceRun.Close(run.Expected(tokens), [.. rows]);
    }

    /// <summary>Cancelled while its second micro-batch is computed, or between two: no token of a later one is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancellation_reaches_into_a_long_prompt_within_one_micro_batch(bool whileItIsComputed)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(40);
        using var source = new CancellationTokenSource();
        int done = 0, stepsAfter = 0;
        using var context = run.Context(length: 40, maxBatch: 4, observer: (_, _, _) =>
        {
            if (source.IsCancellationRequested) stepsAfter++;
            else if (whileItIsComputed && done == 4) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(BatchOf(tokens, 0), (_, end) =>
        {
            done = end;
            if (!whileItIsComputed && end == 4) source.Cancel();
        }, source.Token));
        Assert.Equal((4, 0, 0), (done, stepsAfter, context.NextPosition(0)));
    }

    [Fact]
    public void A_cancelled_batch_is_measured_no_further_and_a_recurrent_sequence_begins_anew()
    {
        using var run = new ReferenceRun(OperationCases.Graph("selective scan"));
        var tokens = ReferenceRun.Tokens(6);
        using var context = run.Context();
        ReferenceRun.Run(context, tokens, 6);
        context.Profiler = new Profiler();
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(BatchOf(ReferenceRun.Tokens(9), 6), new CancellationToken(canceled: true)));
        Assert.Empty(context.Profiler.Result().Rows);
        Assert.Equal(0, context.NextPosition(0));
        ReferenceRun.Close(run.Expected(tokens), ReferenceRun.Run(context, tokens, 6));
    }

    [Theory]
    [InlineData("cpu", CacheType.F16, 1e6f, "keys are too large for a cache of f16")]
    [InlineData("cpu", CacheType.Q8_0, 1e9f, "keys are too large for a cache of q8_0")]
    [InlineData("cpu", CacheType.F32, 1e9f, null)]
    [InlineData(TestBackends.Device, CacheType.F16, 1e6f, "keys are too large for a cache of f16")]
    [InlineData(TestBackends.Device, CacheType.Q8_0, 1e9f, "keys are too large for a cache of q8_0")]
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
            context.Evaluate(BatchOf([1, 2], 0));
            return;
        }

        var error = Assert.Throws<ModelFileException>(() => context.Evaluate(BatchOf([1, 2], 0)));
        Assert.StartsWith($"blk.0.attn: {message}", error.Message);
        Assert.EndsWith("--cache-type f32.", error.Message);
        Assert.Equal(0, context.NextPosition(0));
    }

    private static Batch BatchOf(int[] tokens, int from)
    {
        var batch = new Batch();
        for (var i = from; i < tokens.Length; i++) batch.Add(tokens[i], i, sequence: 0, wantOutput: true);
        return batch;
    }

    [Fact]
    public void Long_contexts_are_split_over_threads()
    {
        using var run = new ReferenceRun(OperationCases.Graph("attention with softcap, ALiBi and sinks"));
        var tokens = ReferenceRun.Tokens(700);
        using var context = run.Context(length: 1000, threads: 4);
        ReferenceRun.Run(context, tokens.AsSpan(0, 699), 64);
        var expected = run.Expected(tokens);
        ReferenceRun.Close(expected[^context.Width..], ReferenceRun.Run(context, tokens.AsSpan(699), 1));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData(TestBackends.Device)]
    public void A_truncated_sequence_continues_otherwise(string backend)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        int[] tokens = ReferenceRun.Tokens(12), other = [.. tokens[..7], .. ReferenceRun.Tokens(5, seed: 9)];
        using var context = run.Context(length: 12, backend: backend);
        ReferenceRun.Run(context, tokens, 12);
        context.TruncateSequence(0, 7);
        Assert.Equal(7, context.NextPosition(0));
        var expected = run.Expected(other);
        ReferenceRun.Close(expected[(7 * context.Width)..], ReferenceRun.Run(context, other.AsSpan(7), 2));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData(TestBackends.Device)]
    public void A_copied_sequence_shares_its_past_and_goes_its_own_way(string backend)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        int[] tokens = ReferenceRun.Tokens(12), other = [.. tokens[..7], .. ReferenceRun.Tokens(5, seed: 9)];
        using var context = run.Context(length: 17, sequences: 2, backend: backend);
        ReferenceRun.Run(context, tokens.AsSpan(0, 7), 7);
        context.CopySequence(0, 1);
        ReferenceRun.Run(context, tokens.AsSpan(7), 5);
        context.RemoveSequence(0);
        ReferenceRun.Close(run.Expected(other)[(7 * context.Width)..], ReferenceRun.Run(context, other.AsSpan(7), 5, sequence: 1));
    }

    [Theory]
    [InlineData("convolution")]
    [InlineData("selective scan")]
    [InlineData("gated delta rule")]
    public void Recurrent_state_is_copied_and_cleared_but_not_turned_back(string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        var tokens = ReferenceRun.Tokens(10);
        var expected = run.Expected(tokens);
        using var context = run.Context(sequences: 2);
        ReferenceRun.Run(context, tokens.AsSpan(0, 6), 6);
        context.CopySequence(0, 1);
        Assert.Throws<RequestException>(() => context.TruncateSequence(0, 3));
        context.RemoveSequence(0);
        ReferenceRun.Close(expected, ReferenceRun.Run(context, tokens, 10));
        ReferenceRun.Close(expected[(6 * context.Width)..], ReferenceRun.Run(context, tokens.AsSpan(6), 1, sequence: 1));
    }

    [Fact]
    public void Only_the_rows_asked_for_are_there()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(9);
        using var context = run.Context(maxBatch: 4);
        var batch = new Batch();
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], i, 0, wantOutput: i is 2 or 8);
        context.Evaluate(batch);
        var expected = run.Expected(tokens);
        ReferenceRun.Close(expected[(2 * context.Width)..(3 * context.Width)], context.Output(2));
        ReferenceRun.Close(expected[(8 * context.Width)..], context.Output(8));
        Assert.Throws<RequestException>(() => context.Output(3).Length);
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

    [Theory]
    [InlineData("attention")]
    [InlineData("experts")]
    [InlineData("selective scan")]
    public void Nothing_is_allocated_after_the_first_tokens(string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        using var context = run.Context(length: 256);
        var batch = new Batch();
        for (var i = 0; i < 8; i++) Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Next();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Next()
        {
            batch.Clear();
            batch.Add(5, context.NextPosition(0), 0, wantOutput: true);
            context.Evaluate(batch);
        }
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

        static void Refused(string node, Func<ArchGen.Graphs.GraphBuilder, int, int> body)
        {
            var b = new ArchGen.Graphs.GraphBuilder("hostile");
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
