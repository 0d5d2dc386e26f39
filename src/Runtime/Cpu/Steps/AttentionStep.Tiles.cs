using System.Numerics;
using System.Runtime.CompilerServices;
using ArchGen.Formats;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;

namespace ArchGen.Cpu.Steps;

/// <content>The softmax of a tile of queries over the keys that they see.</content>
internal sealed unsafe partial class AttentionStep
{
    // All segments of a tile.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Attend(Frame frame, int index)
    {
        var tile = Locate(frame, index);
        var work = new TileWork(this, tile);
        var memory = stackalloc float[work.Floats + Alignment];
        var state = stackalloc QueryState[work.Queries];
        var merged = stackalloc Softmax[work.Queries];
        var total = stackalloc float[work.Queries * work.ValueWidth];
        for (var i = 0; i < work.Queries; i++) merged[i] = new Softmax();
        new Span<float>(total, work.Queries * work.ValueWidth).Clear();
        work.Place(memory);
        var keys = source.Keys(frame, tile.Span);
        var (first, end) = LoadQueries(frame, tile, keys, work, state);
        for (var segment = first / Segment; segment * Segment < end; segment++)
        {
            Attend(work, keys, state, first, end, segment);
            for (var i = 0; i < work.Queries; i++)
            {
                var (row, running) = (i * work.ValueWidth, state[i].Running);
                Merge(ref merged[i].Max, ref merged[i].Sum, total + row, running.Max, running.Sum, work.Sum + row);
            }
        }

        for (var i = 0; i < work.Queries; i++) Finish(frame, tile, i, merged[i].Max, merged[i].Sum, total + (i * work.ValueWidth));
    }

    // One segment of a tile, whose result is merged later.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AttendSegment(Frame frame, int index, Part part)
    {
        var tile = Locate(frame, index / part.Count);
        var work = new TileWork(this, tile);
        var memory = stackalloc float[work.Floats + Alignment];
        var state = stackalloc QueryState[work.Queries];
        work.Place(memory);
        var keys = source.Keys(frame, tile.Span);
        var (first, end) = LoadQueries(frame, tile, keys, work, state);
        Attend(work, keys, state, first, end, (first / Segment) + part.First + (index % part.Count));
        for (var i = 0; i < work.Queries; i++) SavePartial(part.Tiles + index, i, state[i], work.Sum + (i * work.ValueWidth), work.ValueWidth);
    }

    // The running softmax over the keys from `first` to `end` that are of one segment.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Attend(TileWork work, KeyList keys, QueryState* state, int first, int end, int segment)
    {
        int width = work.Width, valueWidth = work.ValueWidth, block = work.Block, fours = work.Fours;
        new Span<float>(work.Sum, fours * valueWidth).Clear();
        for (var i = 0; i < work.Queries; i++) state[i].Running = new Softmax();
        end = Math.Min(end, (segment + 1) * Segment);
        for (var at = Math.Max(first / block * block, segment * Segment); at < end; at += block)
        {
            var count = Math.Min(block, end - at);
            var keyRows = Load(source.KeyRows(k, work.KvHead), source.KeyStride(k), keys.Cells, at, count, work.KeyBlock, width, _width);
            if (work.IsTransposed)
            {
                AttentionBlocks.Transpose(keyRows, width, count, work.Transposed, block);
                _transposedScores(work.Query, width, fours, work.Transposed, block, (count + 15) & ~15, work.Weights);
            }
            else
            {
                AttentionBlocks.Scores(work.Query, width, work.Queries, keyRows, width, count, work.Weights, block);
            }

            for (var i = 0; i < work.Queries; i++)
                Accumulate(ref state[i], keys, at, count, work.Weights + (i * block), work.Sum + (i * valueWidth), valueWidth);
            var valueRows = source.ValuesInKeys
                ? keyRows
                : Load(source.ValueRows(v, work.KvHead), source.ValueStride(v), keys.Cells, at, count, work.ValueBlock, valueWidth, _valueWidth);
            _addWeighted(work.Weights, block, fours, valueRows, source.ValuesInKeys ? width : valueWidth, count, work.Sum, valueWidth, valueWidth);
        }
    }

    // The scaled queries of a tile, in rows of `width`, and the range of keys that any of them sees.
    private (int First, int End) LoadQueries(Frame frame, Tile tile, KeyList keys, TileWork work, QueryState* state)
    {
        var (queries, width) = (work.Queries, work.Width);
        new Span<float>(work.Query + (queries * width), (work.Fours - queries) * width).Clear();
        int first = int.MaxValue, end = 0;
        for (var i = 0; i < queries; i++)
        {
            var (place, head) = (tile.Span.Start + tile.Token + (i / tile.Heads), HeadOf(tile, i));
            var (low, high) = source.Visible(keys, frame.OrderedPositions[place]);
            state[i] = new QueryState(low, high, frame.OrderedPositions[place], head);
            (first, end) = (Math.Min(first, low), Math.Max(end, high));
            var row = work.Query + (i * width);
            Elementwise.Map(new Scale(scores.Factor), q.Row(frame.Order[place], head), row, _width);
            new Span<float>(row + _width, width - _width).Clear();
        }

        return (first, end);
    }

    private int HeadOf(Tile tile, int query) => (tile.KvHead * _group) + tile.GroupBegin + (query % tile.Heads);

    // Rows of keys or values as floats, in a block of stride `width`.
    private float* Load(byte* rows, long stride, int* cells, int at, int count, float* block, int width, int elements)
    {
        var isFloat = _stored == TensorType.F32;
        if (isFloat && elements == width && stride == width * sizeof(float) && (cells is null || IsRun(cells + at, count)))
            return (float*)(rows + ((cells is null ? at : cells[at]) * stride));
        var stored = isFloat || _stored == TensorType.F16 ? elements : width;
        for (var j = 0; j < count; j++) _decoder.Decode(rows + ((cells is null ? at + j : cells[at + j]) * stride), block + (j * width), stored);
        return block;
    }

    private static bool IsRun(int* cells, int count)
    {
        for (var i = 1; i < count; i++)
        {
            if (cells[i] != cells[i - 1] + 1) return false;
        }

        return true;
    }

    // Replaces the scores of a query by weights relative to the running maximum, and rescales what was summed under a smaller one.
    private void Accumulate(ref QueryState state, KeyList keys, int at, int count, float* weights, float* sum, int valueWidth)
    {
        scores.Apply(weights, count, state.Head, state.Position, keys.Positions is null ? null : keys.Positions + at);
        // The order of the sum must not depend on the number of keys that other queries of the tile see.
        var whole = (count + Vector<float>.Count - 1) & -Vector<float>.Count;
        for (var j = count; j < whole; j++) weights[j] = float.NegativeInfinity;
        for (var j = 0; j < Math.Min(count, state.Low - at); j++) weights[j] = float.NegativeInfinity;
        for (var j = Math.Max(0, state.High - at); j < count; j++) weights[j] = float.NegativeInfinity;
        var max = MathF.Max(state.Running.Max, Reductions.Max(weights, count));
        if (float.IsNegativeInfinity(max))
        {
            new Span<float>(weights, count).Clear();
            return;
        }

        var total = Reductions.ExpSum(weights, weights, whole, max);
        if (max != state.Running.Max)
        {
            var factor = MathF.Exp(state.Running.Max - max);
            state.Running.Sum *= factor;
            Elementwise.Map(new Scale(factor), sum, sum, valueWidth);
        }

        state.Running.Max = max;
        state.Running.Sum += total;
    }
}
