using System.Runtime.CompilerServices;
using ArchGen.Formats;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;

namespace ArchGen.Cpu.Steps;

/// <content>The softmax of a tile of queries over the keys that they see.</content>
internal sealed unsafe partial class AttentionStep
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Attend(Frame frame, int index, int splits)
    {
        var tile = Locate(frame, index / splits);
        var queries = tile.Tokens * tile.Heads;
        int width = Padded(_width), valueWidth = Padded(_valueWidth), block = BlockOf();
        var fours = (queries + 3) & ~3;
        var isTransposed = queries >= QueriesToTranspose;
        var query = stackalloc float[fours * width];
        var sum = stackalloc float[fours * valueWidth];
        var weights = stackalloc float[fours * block];
        var transposed = stackalloc float[isTransposed ? block * width : 0];
        var keyBlock = stackalloc float[block * width];
        var valueBlock = stackalloc float[block * valueWidth];
        var state = stackalloc QueryState[queries];
        new Span<float>(keyBlock, block * width).Clear();
        new Span<float>(valueBlock, block * valueWidth).Clear();
        new Span<float>(sum, fours * valueWidth).Clear();
        new Span<float>(weights, fours * block).Clear();

        var keys = source.Keys(frame, tile.Span);
        var (first, end) = LoadQueries(frame, tile, keys, query, width, fours, state);
        (first, end) = SplitOf(first, end, index % splits, splits);
        for (var at = first; at < end; at += block)
        {
            var count = Math.Min(block, end - at);
            var keyRows = Load(source.KeyRows(k, tile.KvHead), source.KeyStride(k), keys.Cells, at, count, keyBlock, width, _width);
            if (isTransposed)
            {
                AttentionBlocks.Transpose(keyRows, width, count, transposed, block);
                new Span<float>(weights, fours * block).Clear();
                _addWeighted(query, width, fours, transposed, block, width, weights, block, (count + 15) & ~15);
            }
            else
            {
                AttentionBlocks.Scores(query, width, queries, keyRows, width, count, weights, block);
            }

            for (var i = 0; i < queries; i++) Accumulate(ref state[i], keys, at, count, weights + (i * block), sum + (i * valueWidth), valueWidth);
            var valueRows = source.ValuesInKeys
                ? keyRows
                : Load(source.ValueRows(v, tile.KvHead), source.ValueStride(v), keys.Cells, at, count, valueBlock, valueWidth, _valueWidth);
            _addWeighted(weights, block, fours, valueRows, source.ValuesInKeys ? width : valueWidth, count, sum, valueWidth, valueWidth);
        }

        for (var i = 0; i < queries; i++)
        {
            if (splits == 1) Finish(frame, tile, i, state[i].Max, state[i].Sum, sum + (i * valueWidth));
            else SavePartial(index, i, state[i], sum + (i * valueWidth), valueWidth);
        }
    }

    // The keys of one split of those from `first` to `end`.
    private static (int First, int End) SplitOf(int first, int end, int split, int splits)
    {
        var length = Math.Max(0, end - first);
        return (first + (int)((long)length * split / splits), first + (int)((long)length * (split + 1) / splits));
    }

    // The scaled queries of a tile, in rows of `width`, and the range of keys that any of them sees.
    private (int First, int End) LoadQueries(Frame frame, Tile tile, KeyList keys, float* query, int width, int fours, QueryState* state)
    {
        var queries = tile.Tokens * tile.Heads;
        new Span<float>(query + (queries * width), (fours - queries) * width).Clear();
        int first = int.MaxValue, end = 0;
        for (var i = 0; i < queries; i++)
        {
            var (place, head) = (tile.Span.Start + tile.Token + (i / tile.Heads), HeadOf(tile, i));
            var (low, high) = source.Visible(keys, frame.OrderedPositions[place]);
            state[i] = new QueryState(low, high, frame.OrderedPositions[place], head);
            (first, end) = (Math.Min(first, low), Math.Max(end, high));
            var row = query + (i * width);
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
        for (var j = 0; j < Math.Min(count, state.Low - at); j++) weights[j] = float.NegativeInfinity;
        for (var j = Math.Max(0, state.High - at); j < count; j++) weights[j] = float.NegativeInfinity;
        var max = MathF.Max(state.Max, Reductions.Max(weights, count));
        if (float.IsNegativeInfinity(max))
        {
            new Span<float>(weights, count).Clear();
            return;
        }

        var total = Reductions.ExpSum(weights, weights, count, max);
        if (max != state.Max)
        {
            var factor = MathF.Exp(state.Max - max);
            state.Sum *= factor;
            Elementwise.Map(new Scale(factor), sum, sum, valueWidth);
        }

        state.Max = max;
        state.Sum += total;
    }
}
