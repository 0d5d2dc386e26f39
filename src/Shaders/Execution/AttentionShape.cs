using System.Numerics;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <summary>How an attention is cut into workgroups.</summary>
internal sealed record AttentionShape
{
    /// <summary>Invocations of a workgroup where there are many rows: what every device has.</summary>
    public const uint Lanes = 128;

    /// <summary>Rows of a sequence up to which each has workgroups of its own.</summary>
    private const int FewRows = 4;

    private const int MostHeads = 8;

    // Registers of an invocation, in fours, for its part of the queries.
    private const int MostKept = 8;

    private const int KeysPerSplit = 256;
    private const int MostSplits = 64;

    private const int TileKeys = 32;
    private const int TileLanes = 8;
    private const int TileChunk = 8;

    // More would leave room for few workgroups at a time.
    private const long TileBytes = 32 << 10;

    private readonly int _valueWidth;
    private readonly int _kvHeads;
    private readonly int _enoughGroups;

    public AttentionShape(AttentionOperation step, VulkanSession session)
        : this(step.Query.Heads, step.Key.Heads, step.Query.Width, step.Value.Width, session.Limits.SharedBytes, session.Products)
    {
    }

    private AttentionShape(int heads, int kvHeads, int width, int valueWidth, uint sharedBytes, ProductShapes shapes)
    {
        (Heads, Group, _kvHeads, _valueWidth) = (heads, heads / kvHeads, kvHeads, valueWidth);
        (FewLanes, _enoughGroups) = ((int)shapes.AttentionLanes, shapes.EnoughGroups);
        var quads = Quads(width);
        for (var tiles = (Group + MostHeads - 1) / MostHeads; tiles <= Group && FewHeads == 0; tiles++)
        {
            var queries = (Group + tiles - 1) / tiles;
            var keyLanes = 1 << BitOperations.Log2((uint)Math.Min(Math.Min(shapes.AttentionParts / queries, FewLanes), quads));
            if (FewBytes(queries, quads, keyLanes) <= sharedBytes) (FewHeads, KeyLanes) = (queries, keyLanes);
        }

        var kept = (quads + Math.Max(1, KeyLanes) - 1) / Math.Max(1, KeyLanes);
        KeptQuads = FewHeads * kept <= MostKept ? kept : 1;
        ValueLanes = (int)Math.Min((uint)FewLanes, BitOperations.RoundUpToPowerOf2((uint)Quads(valueWidth)));
        TileQueries = valueWidth <= 256 ? 32 : 16;
        var padded = (quads + TileChunk - 1) / TileChunk * TileChunk;
        QueryQuads = SharedTileBytes(padded) <= Math.Min(TileBytes, sharedBytes) ? padded : TileChunk;
    }

    /// <summary>Query heads.</summary>
    public int Heads { get; }

    /// <summary>Query heads for each head of keys.</summary>
    public int Group { get; }

    /// <summary>Invocations of a workgroup where there are few rows: a power of two.</summary>
    public int FewLanes { get; }

    /// <summary>Query heads of a workgroup where there are few rows; 0 if they do not fit into shared memory.</summary>
    public int FewHeads { get; }

    /// <summary>Invocations that share a key there: a power of two.</summary>
    public int KeyLanes { get; }

    /// <summary>Fours of each query that an invocation keeps in registers there, if that is its whole part of them; otherwise 1.</summary>
    public int KeptQuads { get; }

    /// <summary>Invocations that share a value there: a power of two.</summary>
    public int ValueLanes { get; }

    /// <summary>Queries of a tile where there are many rows.</summary>
    public int TileQueries { get; }

    /// <summary>Fours of elements of these queries that are kept in shared memory.</summary>
    public int QueryQuads { get; }

    /// <summary>Bytes for the partial results where keys are split.</summary>
    public long PartialBytes => (long)_enoughGroups * Math.Max(1, FewHeads) * (2 + _valueWidth) * sizeof(float);

    private int FewTiles => _kvHeads * ((Group + FewHeads - 1) / FewHeads);

    /// <summary>Whether each row has workgroups of its own.</summary>
    public bool IsFew(Frame frame)
    {
        if (FewHeads == 0) return false;
        for (var i = 0; i < frame.SpanCount; i++)
        {
            if (frame.Spans[i].Count > FewRows) return false;
        }

        return true;
    }

    /// <summary>Parts that the keys of each row are split into.</summary>
    public int Splits(int rows, int keys) => Math.Clamp(Math.Min(keys / KeysPerSplit, _enoughGroups / (rows * FewTiles)), 1, MostSplits);

    /// <summary>Workgroups for few rows.</summary>
    public long FewGroups(int rows, int splits) => (long)rows * FewTiles * splits;

    /// <summary>Workgroups for many rows.</summary>
    public long Tiles(Frame frame)
    {
        var tokens = Math.Max(1, TileQueries / Group);
        long tiles = 0;
        for (var i = 0; i < frame.SpanCount; i++) tiles += (frame.Spans[i].Count + tokens - 1) / tokens;
        return tiles * _kvHeads * ((Group + TileQueries - 1) / TileQueries);
    }

    private static int Quads(int width) => (width + 3) / 4;

    // The shared variables of attention_few.comp.
    private long FewBytes(long queries, int quads, int keyLanes) =>
        (16 * queries * quads) + (4 * queries * FewLanes * (keyLanes + 1)) + (4 * queries * FewLanes) + (4 * 64 * queries) + (16 * FewLanes);

    // Those of attention_tiles.comp.
    private long SharedTileBytes(int queryQuads) => (16L * TileQueries * (queryQuads + 1)) + (16 * TileKeys * (TileChunk + 1))
        + (4 * TileQueries * (TileKeys + 1)) + (4 * TileQueries * TileLanes);
}
