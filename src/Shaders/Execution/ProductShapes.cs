using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>How product_tiles.comp cuts a product.</summary>
/// <param name="Rows">Rows of the matrix of a workgroup.</param>
/// <param name="Tokens">Rows of x of a workgroup.</param>
/// <param name="Depth">Elements of both that are in shared memory at a time.</param>
/// <param name="ItemRows">Rows of the matrix of an invocation; even.</param>
/// <param name="ItemTokens">Rows of x of an invocation.</param>
internal readonly record struct ProductTile(uint Rows, uint Tokens, uint Depth, uint ItemRows, uint ItemTokens)
{
    // What codebooks of weights need in the same memory.
    private const uint TableBytes = 4096;

    /// <summary>Invocations of a workgroup.</summary>
    public uint Invocations => Rows / ItemRows * (Tokens / ItemTokens);

    /// <summary>Whether a device can run it.</summary>
    public bool Fits(DeviceLimits limits, uint subgroupSize) => (Depth * (Rows + Tokens + 2) * sizeof(float)) + TableBytes <= limits.SharedBytes
        && Invocations <= limits.Invocations && Invocations % subgroupSize == 0;
}

/// <summary>The shapes of matrix products on a device, and of attention of few rows.</summary>
internal sealed record ProductShapes
{
    // The first that fits is used; some size of a workgroup suits every size of a subgroup.
    private static readonly ProductTile[] Tiles = [new(64, 64, 16, 8, 4), new(32, 32, 16, 4, 2), new(32, 32, 16, 4, 4), new(32, 32, 16, 8, 4)];
    private static readonly ProductTile[] NarrowTiles = [new(64, 32, 16, 4, 4), new(32, 32, 16, 4, 2), new(32, 32, 16, 4, 4), new(32, 32, 16, 8, 4)];
    private static readonly ProductTile[] SoftwareTiles = [new(64, 64, 16, 16, 8)];
    private static readonly ProductTile[] SoftwareNarrowTiles = [new(64, 16, 32, 16, 8)];

    /// <summary>The largest number of rows of x that product_vector.comp takes.</summary>
    public required int FewRows { get; init; }

    /// <summary>Invocations that share rows of a matrix in product_vector.comp.</summary>
    public required uint VectorInvocations { get; init; }

    /// <summary>As many as they may be where there are few workgroups and long sums, which are divided among more then.</summary>
    public required uint MostVectorInvocations { get; init; }

    /// <summary>Rows of a matrix that they share for one row of x; even.</summary>
    public required uint RowsForOne { get; init; }

    /// <summary>Rows of a matrix that they share for several rows of x; even.</summary>
    public required uint RowsForSome { get; init; }

    /// <summary>The tile of many rows.</summary>
    public required ProductTile Tile { get; init; }

    /// <summary>The tile of so many rows as it has, and of experts, each of which has few.</summary>
    public required ProductTile NarrowTile { get; init; }

    /// <summary>Invocations of a workgroup in attention_few.comp: a power of two.</summary>
    public uint AttentionLanes { get; init; } = AttentionShape.Lanes;

    /// <summary>The most heads of a workgroup there times invocations that share a key: parts of products in shared memory, for each key.</summary>
    public int AttentionParts { get; init; } = 16;

    /// <summary>Workgroups that keep the device busy; keys of an attention are split where there are fewer.</summary>
    public int EnoughGroups { get; init; } = 512;

    /// <summary>Bytes of shared memory.</summary>
    public required uint SharedBytes { get; init; }

    /// <summary>How matrix units compute products of more rows than a few; null if they are not used.</summary>
    public MatrixShapes? Matrices { get; init; }

    /// <summary>The shapes for a device.</summary>
    public static ProductShapes Of(VulkanDevice device, DeviceLimits limits, DevicePrecision precision)
    {
        var subgroup = device.Properties.SubgroupSize;
        var shapes = device.IsSoftware ? OfSoftware(limits, subgroup) : OfHardware(limits, subgroup);
        return precision == DevicePrecision.Exact || !MatrixShapes.AreWanted(device) ? shapes : shapes.WithMatrices(device, limits);
    }

    /// <summary>The shapes for a graphics processor.</summary>
    public static ProductShapes OfHardware(DeviceLimits limits, uint subgroup) => new()
    {
        FewRows = 8,
        VectorInvocations = Math.Max(64, subgroup),
        MostVectorInvocations = Math.Clamp(limits.Invocations, Math.Max(64, subgroup), 256),
        RowsForOne = 4,
        RowsForSome = 2,
        Tile = Choose(Tiles, limits, subgroup),
        NarrowTile = Choose(NarrowTiles, limits, subgroup),
        SharedBytes = limits.SharedBytes,
    };

    /// <summary>The same with matrix units for the products of more than a few rows, if they fit the limits.</summary>
    public ProductShapes WithMatrices(VulkanDevice device, DeviceLimits limits) =>
        device.MatrixUnit is { } unit && MatrixShapes.Of(unit, limits, NarrowTile.Tokens, device.IsSoftware) is { } matrices
            ? this with { Matrices = matrices, FewRows = Math.Min(FewRows, MatrixShapes.FewRows) }
            : this;

    /// <summary>Invocations of a workgroup of product_vector.comp.</summary>
    /// <param name="groups">Workgroups.</param>
    /// <param name="width">Elements of a sum, of which an invocation takes eight at a time.</param>
    public uint InvocationsOf(long groups, int width)
    {
        var invocations = VectorInvocations;
        for (; 2 * invocations <= MostVectorInvocations && groups < EnoughGroups && 16 * invocations <= width; groups *= 2) invocations *= 2;
        return invocations;
    }

    /// <summary>The largest number of rows with which each use of an expert reads the expert's matrix for itself: about two uses of an expert.</summary>
    public int FewExpertRows(ExpertRoute route) =>
        // Sorting counts in shared memory.
        route.Experts * 2L * sizeof(uint) > SharedBytes ? int.MaxValue : Math.Max(1, 2 * route.Experts / route.Ids.Width);

    /// <summary>The scratch memory of a route: the tiles of the sorted uses, and these. None if no micro-batch is so large that it pays.</summary>
    public IReadOnlyList<long> RouteBytes(ExpertRoute route, PlanLimits limits)
    {
        var rows = limits.Capacity(route.Ids.Rows);
        if (rows <= FewExpertRows(route)) return [];
        var uses = (long)rows * route.Ids.Width;
        var tiles = (uses / NarrowTile.Tokens) + Math.Min(route.Experts, uses);
        return [(1 + (3 * tiles)) * sizeof(uint), uses * sizeof(uint)];
    }

    // There, shared memory and more than one subgroup cost more than they save, and reading weights again costs little. Each invocation's load is a load of
    // its own, so that an invocation keeps its part of the queries.
    private static ProductShapes OfSoftware(DeviceLimits limits, uint subgroup) => new()
    {
        FewRows = int.MaxValue,
        VectorInvocations = subgroup,
        MostVectorInvocations = subgroup,
        AttentionLanes = subgroup,
        AttentionParts = 64,
        EnoughGroups = 4,
        RowsForOne = 8,
        RowsForSome = 4,
        Tile = Choose([.. SoftwareTiles, .. Tiles], limits, subgroup),
        NarrowTile = Choose([.. SoftwareNarrowTiles, .. NarrowTiles], limits, subgroup),
        SharedBytes = limits.SharedBytes,
    };

    private static ProductTile Choose(ProductTile[] tiles, DeviceLimits limits, uint subgroup) =>
        Array.Find(tiles, tile => tile.Fits(limits, subgroup)) is { Rows: > 0 } found ? found : tiles[^1];
}
