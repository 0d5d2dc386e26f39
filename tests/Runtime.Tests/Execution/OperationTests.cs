using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The operations of every backend against their references.</summary>
public sealed class OperationTests
{
    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (var backend in TestBackends.Names)
            {
                foreach (var operation in OperationCases.All) runs.Add(backend, operation.Name);
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void One_batch_matches_the_reference(string backend, string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        var tokens = ReferenceRun.Tokens(19);
        using var context = run.Context(backend: backend);
        run.AssertClose(run.Expected(tokens), ReferenceRun.Run(context, tokens, tokens.Length));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Token_by_token_and_in_chunks_matches_the_reference(string backend, string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        var tokens = ReferenceRun.Tokens(19);
        var expected = run.Expected(tokens);
        using var context = run.Context(maxBatch: 4, backend: backend);
        if (context.IsBidirectional)
        {
            // Wants all tokens together, however small its batches are meant to be.
            run.AssertClose(expected, ReferenceRun.Run(context, tokens, tokens.Length));
            return;
        }

        run.AssertClose(expected, ReferenceRun.Run(context, tokens, tokens.Length));
        context.RemoveSequence(0);
        run.AssertClose(expected, ReferenceRun.Run(context, tokens, 1));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Interleaved_sequences_do_not_see_each_other(string backend, string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        int[] first = ReferenceRun.Tokens(13, seed: 5), second = ReferenceRun.Tokens(9, seed: 6);
        using var context = run.Context(sequences: 3, backend: backend);
        var batch = new Batch();
        var rows = new List<(int Sequence, int Index)>();
        for (var i = 0; i < first.Length; i++)
        {
            batch.Add(first[i], i, 2, wantOutput: true);
            rows.Add((2, batch.Count - 1));
            if (i >= second.Length) continue;
            batch.Add(second[i], i, 0, wantOutput: true);
            rows.Add((0, batch.Count - 1));
        }

        context.Evaluate(batch);

        float[] Of(int sequence) => [.. rows.Where(r => r.Sequence == sequence).SelectMany(r => context.Output(r.Index).ToArray())];
        run.AssertClose(run.Expected(first), Of(2));
        run.AssertClose(run.Expected(second), Of(0));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void An_observer_sees_every_node(string backend, string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        var tokens = ReferenceRun.Tokens(7);
        var expected = run.Evaluate(tokens);
        var seen = new HashSet<string>();
        using var context = run.Context(backend: backend, observer: (node, values, rows) =>
        {
            seen.Add(node.Name);
            if (expected.TryGetValue(node.Name, out var operand) && operand.Values.Any(v => v != 0))
                run.AssertClose(operand.Values, Finite(operand.Values, values));
        });

        ReferenceRun.Run(context, tokens, tokens.Length);

        Assert.DoesNotContain(run.Graph.Nodes, n => !n.IsLeaf && !seen.Contains(n.Name));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Only_the_outputs_asked_for_are_those_of_all(string backend, string name)
    {
        using var run = new ReferenceRun(OperationCases.Graph(name));
        var tokens = ReferenceRun.Tokens(13);
        int[] wanted = [2, 3, 7, 12];
        using var context = run.Context(backend: backend);
        var batch = new Batch();
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], i, 0, wanted.Contains(i));
        context.Evaluate(batch);
        var expected = run.Expected(tokens).Chunk(context.Width).ToArray();
        run.AssertClose([.. wanted.SelectMany(i => expected[i])], [.. wanted.SelectMany(i => context.Output(i).ToArray())]);
    }

    [Fact]
    public void Every_operation_has_a_case()
    {
        var used = OperationCases.All.SelectMany(c => OutputSelection.Insert(c.Build()).Nodes).Select(n => n.Op).ToHashSet();
        Assert.Empty(OpTable.All.Where(spec => !spec.IsLeaf && !used.Contains(spec.Op)).Select(spec => spec.Word));
    }

    [Fact]
    public void Cross_attention_wants_the_rows_of_the_encoder()
    {
        using var run = new ReferenceRun(OperationCases.Graph("cross attention"));
        var tokens = ReferenceRun.Tokens(6);
        using var context = new InferenceContext(run.Graph, run.File, new ContextOptions { Backend = new CpuBackend(), ContextLength = 64 });
        Assert.Throws<RequestException>(() => ReferenceRun.Run(context, tokens, tokens.Length));
        context.SetEncoded(run.Encoded!.Values, run.Encoded.Rows);
        run.AssertClose(run.Expected(tokens), ReferenceRun.Run(context, tokens, 4));
        Assert.Throws<RequestException>(() => context.SetEncoded(run.Encoded.Values, run.Encoded.Rows - 1));
    }

    // Groups of experts that are out of the running are minus infinity on both sides: no distance.
    private static float[] Finite(float[] expected, ReadOnlySpan<float> values)
    {
        var found = values.ToArray();
        for (var i = 0; i < found.Length; i++)
        {
            if (!float.IsNegativeInfinity(expected[i])) continue;
            Assert.Equal(float.NegativeInfinity, found[i]);
            (found[i], expected[i]) = (0, 0);
        }

        return found;
    }
}
