using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The runtime's kernels against the reference operations.</summary>
public sealed class OperationTests
{
    public static TheoryData<string> Names => [.. OperationGraphs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_batch_matches_the_reference(string name)
    {
        using var run = new ReferenceRun(OperationGraphs.Of(name));
        var tokens = ReferenceRun.Tokens(19);
        using var context = run.Context();
        ReferenceRun.Close(run.Expected(tokens), ReferenceRun.Run(context, tokens, tokens.Length));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Token_by_token_and_in_chunks_matches_the_reference(string name)
    {
        using var run = new ReferenceRun(OperationGraphs.Of(name));
        var tokens = ReferenceRun.Tokens(19);
        var expected = run.Expected(tokens);
        using var context = run.Context(maxBatch: 4);
        if (context.IsBidirectional)
        {
            // Wants all tokens together, however small its batches are meant to be.
            ReferenceRun.Close(expected, ReferenceRun.Run(context, tokens, tokens.Length));
            return;
        }

        ReferenceRun.Close(expected, ReferenceRun.Run(context, tokens, tokens.Length));
        context.RemoveSequence(0);
        ReferenceRun.Close(expected, ReferenceRun.Run(context, tokens, 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Interleaved_sequences_do_not_see_each_other(string name)
    {
        using var run = new ReferenceRun(OperationGraphs.Of(name));
        int[] first = ReferenceRun.Tokens(13, seed: 5), second = ReferenceRun.Tokens(9, seed: 6);
        using var context = run.Context(sequences: 3);
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
        ReferenceRun.Close(run.Expected(first), Of(2));
        ReferenceRun.Close(run.Expected(second), Of(0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_observer_sees_every_node(string name)
    {
        using var run = new ReferenceRun(OperationGraphs.Of(name));
        var tokens = ReferenceRun.Tokens(7);
        var expected = run.Evaluate(tokens);
        var seen = new HashSet<string>();
        using var context = run.Context(observer: (node, values, rows) =>
        {
            seen.Add(node.Name);
            if (expected.TryGetValue(node.Name, out var operand) && operand.Values.Any(v => v != 0))
                ReferenceRun.Close(operand.Values, Finite(operand.Values, values));
        });

        ReferenceRun.Run(context, tokens, tokens.Length);

        Assert.DoesNotContain(run.Graph.Nodes, n => !n.IsLeaf && !seen.Contains(n.Name));
    }

    [Fact]
    public void Cross_attention_reads_the_rows_of_the_encoder()
    {
        using var run = new ReferenceRun(CrossGraph());
        var tokens = ReferenceRun.Tokens(6);
        var encoded = Ops.OpRun.Random(8, 11, 10);
        using var context = run.Context();
        Assert.Throws<ArchGenException>(() => ReferenceRun.Run(context, tokens, tokens.Length));
        context.SetEncoded(encoded.Values, 11);
        ReferenceRun.Close(run.Expected(tokens, encoded), ReferenceRun.Run(context, tokens, 4));
        Assert.Throws<ArchGenException>(() => context.SetEncoded(encoded.Values, 10));
    }

    private static ArchGen.Graphs.Graph CrossGraph()
    {
        var b = new ArchGen.Graphs.GraphBuilder("cross");
        int Weight(string name, params Dim[] dims) => b.Leaf(Op.Weight, name, new Shape(dims));
        var x = b.Add("embd", Op.GetRows, [Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        var encoded = b.Leaf(Op.Encoded, "encoded", new Shape(Dim.EncoderTokens, 10));
        int Heads(string name, int input, int width) =>
            b.Add(name + " (heads)", Op.Heads, [b.Add(name, Op.Linear, [input, Weight("w" + name, 24, width)], default)], new((Attr.Count, 3)));
        return b.Build(b.Add("y", Op.CrossAttention, [Heads("q", x, 24), Heads("k", encoded, 10), Heads("v", encoded, 10)], new((Attr.Factor, 0.4))));
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
