using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Eager;

/// <summary>
/// Keys, values and states of the sequences. The definitions begin with the first token of a sequence; so keys and values are kept by cell, and of
/// recurrent operations all operands, and each micro-batch computes a sequence from its beginning.
/// </summary>
/// <param name="cells">The cells of each sequence.</param>
/// <param name="dropsState">Whether the state is dropped before each micro-batch.</param>
internal sealed class EagerMemory(CellTable cells, bool dropsState)
{
    private readonly Dictionary<(string Name, int Cell, Slot Slot), float[]> _rowsOfCells = [];
    private readonly Dictionary<(string Name, int Sequence), Operand?[]> _histories = [];

    /// <summary>Computes a node for the micro-batch.</summary>
    public Operand Run(PlanStep step, Operand?[] inputs, int[] dims, Frame frame) => step switch
    {
        AttentionOperation { Origin: KeyOrigin.Encoder } => Define(step.Node, inputs, dims, PositionsOf(frame)),
        AttentionOperation { Origin: KeyOrigin.Cache } attention when !dropsState => BySequence(attention, inputs, dims, frame, Cached),
        AttentionOperation or Operation { State: not null } => BySequence(step, inputs, dims, frame, Continued),
        _ => Define(step.Node, inputs, dims, PositionsOf(frame)),
    };

    /// <summary>Clears the states of a sequence.</summary>
    public void Clear(int sequence)
    {
        foreach (var key in _histories.Keys.Where(key => key.Sequence == sequence).ToArray()) _histories.Remove(key);
    }

    /// <summary>Copies the states of a sequence to another.</summary>
    public void Copy(int from, int to)
    {
        Clear(to);
        foreach (var (key, history) in _histories.Where(h => h.Key.Sequence == from).ToArray()) _histories[(key.Name, to)] = history;
    }

    private static Operand Define(Node node, Operand?[] inputs, int[] dims, int[] positions) =>
        Reference.Run(node.Op, node.Attributes, inputs, dims, positions);

    // Rows of the micro-batch go to their sequences, and the results back.
    private static Operand BySequence(
        PlanStep step, Operand?[] inputs, int[] dims, Frame frame, Func<PlanStep, Operand?[], int[], int[], SequenceSpan, Operand> run)
    {
        var result = Operand.Zeros(dims);
        var width = result.Values.Length / dims[0];
        for (var i = 0; i < frame.SpanCount; i++)
        {
            var span = frame.Spans[i];
            var rows = RowsOf(frame, span);
            Operand?[] own = [.. inputs.Select((x, slot) => x is not null && IsPerToken(step.Node.Inputs[slot]!) ? Select(x, rows) : x)];
            var y = run(step, own, [rows.Length, .. dims.Skip(1)], [.. rows.Select(row => PositionOf(frame, row))], span);
            for (var t = 0; t < rows.Length; t++) y.Values.AsSpan(t * width, width).CopyTo(result.Values.AsSpan(rows[t] * width));
        }

        return result;
    }

    private Operand Continued(PlanStep step, Operand?[] inputs, int[] dims, int[] positions, SequenceSpan span)
    {
        if (step is AttentionOperation || dropsState) return Define(step.Node, inputs, dims, positions);
        var key = (step.Node.Name, span.Sequence);
        _histories.TryGetValue(key, out var history);
        Operand?[] all = [.. inputs.Select((x, i) => x is null || !IsPerToken(step.Node.Inputs[i]!) || history is null ? x : Join(history[i]!, x))];
        _histories[key] = all;
        var rows = all.Where((_, i) => IsPerToken(step.Node.Inputs[i])).First()!.Dims[0];
        return Last(Define(step.Node, all, [rows, .. dims.Skip(1)], new int[rows]), dims);
    }

    private Operand Cached(PlanStep step, Operand?[] inputs, int[] dims, int[] positions, SequenceSpan span)
    {
        var (node, count) = (step.Node, cells.Count(span.Sequence));
        var places = CellsOf(span.Sequence);
        var all = (Operand?[])inputs.Clone();
        foreach (var slot in (Slot[])[Slot.Key, Slot.Value])
        {
            var (index, x) = (node.Spec.IndexOf(slot), inputs[node.Spec.IndexOf(slot)]!);
            var width = x.Values.Length / x.Dims[0];
            for (var t = 0; t < x.Dims[0]; t++) _rowsOfCells[(node.Name, places[count - x.Dims[0] + t], slot)] = x.Values.AsSpan(t * width, width).ToArray();
            all[index] = new Operand([.. places.SelectMany(cell => _rowsOfCells[(node.Name, cell, slot)])], [count, .. x.Dims.Skip(1)]);
        }

        // Queries of earlier tokens are zeros: their results are not read.
        var query = node.Spec.IndexOf(Slot.Query);
        var (q, earlier) = (inputs[query]!, count - inputs[query]!.Dims[0]);
        all[query] = Join(Operand.Zeros([earlier, .. q.Dims.Skip(1)]), q);
        return Last(Define(node, all, [count, .. dims.Skip(1)], PositionsOf(span.Sequence)), dims);
    }

    private static bool IsPerToken(Node? node) => node is not null && node.Shape.Rank > 0 && node.Shape[0].Equals(Dim.Tokens);

    private static Operand Select(Operand x, int[] rows)
    {
        var width = x.Values.Length / x.Dims[0];
        return new Operand([.. rows.SelectMany(row => x.Values.Skip(row * width).Take(width))], [rows.Length, .. x.Dims.Skip(1)]);
    }

    private static Operand Join(Operand a, Operand b) => new([.. a.Values, .. b.Values], [a.Dims[0] + b.Dims[0], .. b.Dims.Skip(1)]);

    private static Operand Last(Operand x, int[] dims) => new(x.Values[^dims.Aggregate(1, (a, b) => a * b)..], dims);

    private static unsafe int[] RowsOf(Frame frame, SequenceSpan span) => new ReadOnlySpan<int>(frame.Order + span.Start, span.Count).ToArray();

    private static unsafe int PositionOf(Frame frame, int row) => frame.Positions[row];

    private static unsafe int[] PositionsOf(Frame frame) => new ReadOnlySpan<int>(frame.Positions, frame.TokenCount).ToArray();

    private unsafe int[] PositionsOf(int sequence) => new ReadOnlySpan<int>(cells.Positions(sequence), cells.Count(sequence)).ToArray();

    private unsafe int[] CellsOf(int sequence) => new ReadOnlySpan<int>(cells.Cells(sequence), cells.Count(sequence)).ToArray();
}
