using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
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
/// <remarks>
/// A query's result has the same bits in every tile and with any number of threads: blocks and segments of keys begin at fixed places of the sequence, each
/// segment has a running softmax of its own, and those of the segments are merged in their order, by whichever thread computed them.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="q">Queries [tokens, heads, d].</param>
/// <param name="k">Keys [keys, kvHeads, d].</param>
/// <param name="v">Values [keys, kvHeads, dv].</param>
/// <param name="y">The result [tokens, heads*dv].</param>
/// <param name="scores">The operations on the scores.</param>
/// <param name="source">The source of the keys.</param>
/// <param name="stores">Whether new keys and values are stored in the cache of <paramref name="source"/> first.</param>
/// <param name="partials">Scratch for the partial results where the keys are split, <see cref="PartialElements"/>.</param>
/// <param name="target">The instruction set.</param>
internal sealed unsafe partial class AttentionStep(
    Node node, TensorView q, TensorView k, TensorView v, TensorView y, AttentionScores scores, KeySource source, bool stores, float* partials,
    CpuTarget target) : Step(node)
{
    // The keys of a segment are at most so many: whole blocks.
    private const int KeysPerSegment = 256;

    // Where segments are shared by the threads, so many are computed before they are merged, which bounds the memory for their results.
    private const int TasksPerThread = 6;

    // From this many queries on, transposing a key block pays off: it avoids one horizontal add per score.
    private const int QueriesToTranspose = 8;

    private readonly int _width = q.Width;
    private readonly int _valueWidth = v.Width;
    private readonly int _group = q.Heads / k.Heads;
    private readonly int _tile = TileOf(q.Width, v.Width);
    private readonly delegate*<float*, int, int, float*, int, int, float*, int, int, void> _addWeighted = AttentionBlocks.AddWeightedOf(target);
    private readonly delegate*<float*, int, int, float*, int, int, float*, void> _transposedScores = TransposedScores.Of(target);
    private readonly TensorType _stored = source.Layer?.StoredType ?? TensorType.F32;
    private readonly TensorDecoder _decoder = TensorFormats.Of(source.Layer?.StoredType ?? TensorType.F32).DecoderWith(target.Vectors);

    private int TokensPerTile => Math.Max(1, _tile / _group);

    private int HeadTiles => _group <= _tile ? 1 : (_group + _tile - 1) / _tile;

    private int Segment => KeysPerSegment / BlockOf() * BlockOf();

    /// <summary>The maximum number of floats of partial results: those of the segments that are computed together, and of the tiles.</summary>
    public static long PartialElements(int threads, int width, int valueWidth) =>
        (TasksPerThread + 2L) * threads * TileOf(width, valueWidth) * (Padded(valueWidth) + 2);

    public override void Run(Frame frame, WorkerPool pool)
    {
        if (frame.TokenCount == 0) return;
        if (stores) pool.Run(new StoreJob(this, frame), frame.TokenCount, Math.Max(1, 8192 / (k.Heads * _width)));

        int tiles = 0, segments = 0;
        for (var i = 0; i < frame.SpanCount; i++)
        {
            tiles += TilesOf(frame.Spans[i]);
            segments = Math.Max(segments, SegmentsOf(frame, frame.Spans[i]));
        }

        if (pool.Threads == 1 || tiles >= 2 * pool.Threads || segments <= 1)
        {
            pool.Run(new AttendJob(this, frame), tiles, 1);
            return;
        }

        var atOnce = Math.Max(1, TasksPerThread * pool.Threads / tiles);
        for (var first = 0; first < segments; first += atOnce)
        {
            var part = new Part(tiles, first, Math.Min(atOnce, segments - first), segments);
            pool.Run(new SegmentJob(this, frame, part), tiles * part.Count, 1);
            pool.Run(new MergeJob(this, frame, part), tiles, 1);
        }
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

    // The segments that any query of a sequence sees.
    private int SegmentsOf(Frame frame, SequenceSpan span)
    {
        var keys = source.Keys(frame, span);
        var low = source.Visible(keys, frame.OrderedPositions[span.Start]).Low;
        var high = source.Visible(keys, frame.OrderedPositions[span.Start + span.Count - 1]).High;
        return high <= low ? 0 : ((high - 1) / Segment) - (low / Segment) + 1;
    }

    private readonly struct AttendJob(AttentionStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Attend(frame, i);
        }
    }

    private readonly struct SegmentJob(AttentionStep step, Frame frame, Part part) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.AttendSegment(frame, i, part);
        }
    }

    private readonly struct MergeJob(AttentionStep step, Frame frame, Part part) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Merge(frame, i, part);
        }
    }

    /// <summary>The segments that threads compute together, counted from the first that a tile sees.</summary>
    /// <param name="Tiles">The number of tiles.</param>
    /// <param name="First">The first segment.</param>
    /// <param name="Count">The number of segments.</param>
    /// <param name="Segments">All segments.</param>
    private readonly record struct Part(int Tiles, int First, int Count, int Segments);

    private void Store(Frame frame, int begin, int end)
    {
        var layer = source.Layer!;
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < k.Heads; head++)
            {
                if (!layer.StoreKey(head, frame.Cells[row], k.Row(row, head))) throw CacheOverflow.Of(Node, ofKeys: true, layer.Type);
                if (!layer.ValuesInKeys && !layer.StoreValue(head, frame.Cells[row], v.Row(row, head)))
                    throw CacheOverflow.Of(Node, ofKeys: false, layer.Type);
            }
        }
    }

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

    /// <summary>Queries that are computed together: some tokens of a sequence times some heads of a group.</summary>
    private readonly record struct Tile(SequenceSpan Span, int Token, int Tokens, int KvHead, int GroupBegin, int Heads);
}
