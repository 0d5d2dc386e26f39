using System.Numerics;
using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>
/// Attention by blocks of keys with a running softmax (FlashAttention, arXiv:2205.14135; split over keys as in Flash-Decoding), for grouped
/// heads (arXiv:2305.13245). A tile of queries is the tokens of one sequence times the heads that share a key head, so that each block of keys and
/// values is read and converted to floats once per tile.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="q">Queries [tokens, heads, d].</param>
/// <param name="k">Keys [keys, kvHeads, d].</param>
/// <param name="v">Values [keys, kvHeads, dv].</param>
/// <param name="y">The result [tokens, heads*dv].</param>
/// <param name="scores">What is done with the scores.</param>
/// <param name="source">Where the keys are.</param>
/// <param name="stores">Whether new keys and values are stored in the cache of <paramref name="source"/> first.</param>
/// <param name="partials">Room for the partial results where the keys are split, <see cref="PartialElements"/>.</param>
/// <param name="target">The instruction set.</param>
internal sealed unsafe class AttentionStep(
    Node node, TensorView q, TensorView k, TensorView v, TensorView y, AttentionScores scores, KeySource source, bool stores, float* partials,
    CpuTarget target) : Step(node)
{
    private const int KeysPerSplit = 256;
    private const int SplitsPerThread = 4;

    // So many queries repay turning a block of keys, which saves adding up lanes for each score.
    private const int QueriesToTranspose = 8;

    private readonly int _width = q.Width;
    private readonly int _valueWidth = v.Width;
    private readonly int _group = q.Heads / k.Heads;
    private readonly int _tile = TileOf(q.Width, v.Width);
    private readonly delegate*<float*, int, int, float*, int, int, float*, int, int, void> _addWeighted = AttentionBlocks.AddWeightedOf(target);
    private readonly TensorType _stored = source.Layer?.StoredType ?? TensorType.F32;
    private readonly TensorDecoder _decoder = TensorFormats.Of(source.Layer?.StoredType ?? TensorType.F32).DecoderWith(target.Vectors);

    private int TokensPerTile => Math.Max(1, _tile / _group);

    private int HeadTiles => _group <= _tile ? 1 : (_group + _tile - 1) / _tile;

    /// <summary>Floats of partial results at most.</summary>
    public static long PartialElements(int threads, int width, int valueWidth) =>
        (SplitsPerThread + 2L) * threads * TileOf(width, valueWidth) * (Padded(valueWidth) + 2);

    public override void Run(Frame frame, WorkerPool pool)
    {
        if (frame.TokenCount == 0) return;
        if (stores) pool.Run(new StoreJob(this, frame), frame.TokenCount, Math.Max(1, 8192 / (k.Heads * _width)));

        int tiles = 0, keys = 0;
        for (var i = 0; i < frame.SpanCount; i++)
        {
            tiles += TilesOf(frame.Spans[i]);
            keys = Math.Max(keys, source.Count(frame, frame.Spans[i]));
        }

        var splits = tiles >= 2 * pool.Threads || pool.Threads == 1
            ? 1
            : Math.Clamp(keys / KeysPerSplit, 1, Math.Max(1, SplitsPerThread * pool.Threads / tiles));
        pool.Run(new AttendJob(this, frame, splits), tiles * splits, 1);
        if (splits > 1) pool.Run(new MergeJob(this, frame, splits), tiles, 1);
    }

    public override WorkCounts Counts(Frame frame)
    {
        long keys = 0, pairs = 0;
        for (var i = 0; i < frame.SpanCount; i++)
        {
            var span = frame.Spans[i];
            var list = source.Keys(frame, span);
            int first = int.MaxValue, last = 0;
            for (var row = span.Start; row < span.Start + span.Count; row++)
            {
                var (low, high) = source.Visible(list, frame.OrderedPositions[row]);
                pairs += high - low;
                (first, last) = (Math.Min(first, low), Math.Max(last, high));
            }

            keys += last - first;
        }

        return base.Counts(frame) with { Keys = keys, Pairs = pairs };
    }

    private static int Padded(int width) => (width + 31) & ~31;

    private static int TileOf(int width, int valueWidth) => width + valueWidth <= 256 ? 64 : 16;

    private int BlockOf() => Math.Clamp(16384 / (Padded(_width) + Padded(_valueWidth)) & ~15, 16, 64);

    private int TilesOf(SequenceSpan span) => (span.Count + TokensPerTile - 1) / TokensPerTile * k.Heads * HeadTiles;

    private readonly struct StoreJob(AttentionStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end) => step.Store(frame, begin, end);
    }

    private readonly struct AttendJob(AttentionStep step, Frame frame, int splits) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Attend(frame, i, splits);
        }
    }

    private readonly struct MergeJob(AttentionStep step, Frame frame, int splits) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Merge(frame, i, splits);
        }
    }

    private void Store(Frame frame, int begin, int end)
    {
        var layer = source.Layer!;
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < k.Heads; head++)
            {
                if (!layer.StoreKey(head, frame.Cells[row], k.Row(row, head))) throw Overflow("keys", layer.Type);
                if (!layer.ValuesInKeys && !layer.StoreValue(head, frame.Cells[row], v.Row(row, head))) throw Overflow("values", layer.Type);
            }
        }
    }

    private ModelFileException Overflow(string what, CacheType type) => new(
        $"{Node.Name}: {what} are too large for a cache of {(type == CacheType.F16 ? "f16 (beyond 65504)" : "q8_0")}. Keep the cache in a wider type: --cache-type f32.");

    private Tile Locate(Frame frame, int tile)
    {
        var i = 0;
        for (int tiles; tile >= (tiles = TilesOf(frame.Spans[i])); i++) tile -= tiles;
        var span = frame.Spans[i];
        var headTile = tile % HeadTiles;
        var kvHead = tile / HeadTiles % k.Heads;
        var token = tile / HeadTiles / k.Heads * TokensPerTile;
        var groupBegin = headTile * _tile;
        return new Tile(span, token, Math.Min(TokensPerTile, span.Count - token), kvHead, groupBegin, Math.Min(_group - groupBegin, _tile));
    }

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
        new Span<float>(query + (queries * width), (fours - queries) * width).Clear();

        var keys = source.Keys(frame, tile.Span);
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

        var length = Math.Max(0, end - first);
        var split = index % splits;
        (first, end) = (first + (int)((long)length * split / splits), first + (int)((long)length * (split + 1) / splits));
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

            for (var i = 0; i < queries; i++) Weigh(ref state[i], keys, at, count, weights + (i * block), sum + (i * valueWidth), valueWidth);
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

    // Turns the scores of a query into weights relative to the running maximum, and rescales what was summed under a smaller one.
    private void Weigh(ref QueryState state, KeyList keys, int at, int count, float* weights, float* sum, int valueWidth)
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

    private void Finish(Frame frame, Tile tile, int i, float max, float total, float* sum)
    {
        var head = HeadOf(tile, i);
        var factor = 1f;
        if (scores.Sinks != null)
        {
            var sink = scores.Sinks[head];
            var larger = MathF.Max(max, sink);
            factor = MathF.Exp(max - larger);
            total = (total * factor) + MathF.Exp(sink - larger);
        }

        var row = frame.Order[tile.Span.Start + tile.Token + (i / tile.Heads)];
        Elementwise.Map(new Scale(total > 0 ? factor / total : 0), sum, y.Row(row) + ((long)head * _valueWidth), _valueWidth);
    }

    private float* Partial(int index, int query) => partials + ((((long)index * _tile) + query) * (Padded(_valueWidth) + 2));

    private void SavePartial(int index, int i, QueryState state, float* sum, int valueWidth)
    {
        var partial = Partial(index, i);
        (partial[0], partial[1]) = (state.Max, state.Sum);
        new ReadOnlySpan<float>(sum, valueWidth).CopyTo(new Span<float>(partial + 2, valueWidth));
    }

    [SkipLocalsInit]
    private void Merge(Frame frame, int index, int splits)
    {
        var tile = Locate(frame, index);
        var sum = stackalloc float[_valueWidth];
        for (var i = 0; i < tile.Tokens * tile.Heads; i++)
        {
            new Span<float>(sum, _valueWidth).Clear();
            var max = float.NegativeInfinity;
            for (var s = 0; s < splits; s++) max = MathF.Max(max, Partial((index * splits) + s, i)[0]);
            var total = 0f;
            for (var s = 0; s < splits; s++)
            {
                var partial = Partial((index * splits) + s, i);
                if (partial[1] == 0) continue;
                var factor = MathF.Exp(partial[0] - max);
                total += factor * partial[1];
                Reductions.AddScaled(sum, factor, partial + 2, _valueWidth);
            }

            Finish(frame, tile, i, max, total, sum);
        }
    }

    /// <summary>Queries that are computed together: some tokens of a sequence times some heads of a group.</summary>
    private readonly record struct Tile(SequenceSpan Span, int Token, int Tokens, int KvHead, int GroupBegin, int Heads);

    /// <summary>How far the softmax of a query has come.</summary>
    private struct QueryState(int low, int high, int position, int head)
    {
        public readonly int Low = low;
        public readonly int High = high;
        public readonly int Position = position;
        public readonly int Head = head;
        public float Max = float.NegativeInfinity;
        public float Sum;
    }
}
