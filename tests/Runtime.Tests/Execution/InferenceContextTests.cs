using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>What a context remembers and forgets.</summary>
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

    /// <summary>A long prompt is one batch: its rows come micro-batch by micro-batch, and no others are kept.</summary>
    [Fact]
    public void A_long_prompt_hands_over_the_rows_of_each_micro_batch()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(23);
        using var context = run.Context(length: 23, maxBatch: 4);
        var parts = new List<(int First, int End)>();
        var rows = new List<float>();
        context.Evaluate(ReferenceRun.BatchOf(tokens, 0), (first, end) =>
        {
            parts.Add((first, end));
            for (var i = first; i < end; i++) rows.AddRange(context.Output(i));
            if (first > 0) Assert.Throws<RequestException>(() => context.Output(first - 1).Length);
        });
        Assert.Equal([(0, 4), (4, 8), (8, 12), (12, 16), (16, 20), (20, 23)], parts);
        ReferenceRun.Close(run.Expected(tokens), [.. rows]);
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
}
