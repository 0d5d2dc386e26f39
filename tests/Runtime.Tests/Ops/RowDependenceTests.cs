using ArchGen.Runtime.Tests.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;
using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Ops;

/// <summary>
/// What each operation declares of its rows, held against its reference: another token's rows, or a token's position, are changed, and the results compared.
/// </summary>
public sealed class RowDependenceTests
{
    private const int Tokens = 6;

    [Fact]
    public void Each_operation_depends_on_the_rows_it_says()
    {
        var found = OpTable.All.Where(spec => !spec.IsLeaf && spec.Op != Op.SelectOutputs).ToDictionary(spec => spec.Op, _ => RowDependence.Own);
        foreach (var operation in OperationCases.All)
        {
            using var run = new ReferenceRun(operation.Build());
            var values = run.EvaluateNodes(ReferenceRun.Tokens(Tokens));
            foreach (var node in run.Graph.Nodes.Where(n => !n.IsLeaf && IsPerToken(n)))
                found[node.Op] = (RowDependence)Math.Max((int)found[node.Op], (int)DependenceOf(node, values));
        }

        Assert.Equal(found.Keys.Select(op => (op, OpTable.Of(op).Rows)), found.Select(pair => (pair.Key, pair.Value)));
    }

    private static RowDependence DependenceOf(Node node, Dictionary<Node, Operand> values)
    {
        Operand?[] inputs = [.. node.Inputs.Select(input => input is null ? null : values[input])];
        int[] positions = [.. Enumerable.Range(0, Tokens)];
        for (var slot = 0; slot < inputs.Length; slot++)
        {
            if (node.Inputs[slot] is not { } input || input.Shape[0].IsConstant(out _)) continue;
            for (var row = 0; row < inputs[slot]!.Dims[0]; row++)
            {
                Operand?[] changed = [.. inputs];
                changed[slot] = WithRow(inputs[slot]!, row);
                var result = Compute(node, changed, values[node].Dims, positions);
                // A row of the encoder is no token's of the batch.
                var isOwn = IsPerToken(input);
                if (Enumerable.Range(0, Tokens).Any(t => !(isOwn && t == row) && Differs(values[node], result, t))) return RowDependence.Others;
            }
        }

        return Enumerable.Range(0, Tokens).Any(t => Differs(values[node], Compute(node, inputs, values[node].Dims, Moved(positions, t)), t))
            ? RowDependence.Position
            : RowDependence.Own;
    }

    private static Operand Compute(Node node, Operand?[] inputs, int[] dims, int[] positions) =>
        Reference.Run(node.Op, node.Attributes, inputs, dims, positions);

    // The values of another row, so that indices stay in range.
    private static Operand WithRow(Operand x, int row)
    {
        var size = x.Values.Length / x.Dims[0];
        var values = (float[])x.Values.Clone();
        Array.Copy(x.Values, (row + 1) % x.Dims[0] * size, values, row * size, size);
        return new Operand(values, x.Dims);
    }

    private static int[] Moved(int[] positions, int token) => [.. positions.Select((position, t) => t == token ? position + 40 : position)];

    private static bool Differs(Operand a, Operand b, int row)
    {
        var size = a.Values.Length / a.Dims[0];
        return !a.Values.AsSpan(row * size, size).SequenceEqual(b.Values.AsSpan(row * size, size));
    }

    private static bool IsPerToken(Node node) => node.Shape.Rank > 0 && node.Shape[0].Equals(Dim.Tokens);
}
