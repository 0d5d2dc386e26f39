using ArchGen.Runtime.Planning;

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

/// <summary>The shapes of matrix products on a device.</summary>
/// <param name="session">The device.</param>
internal sealed class ProductTuning(VulkanSession session)
{
    /// <summary>The largest number of rows of x that <c>product_vector.comp</c> takes.</summary>
    public const int FewRows = 8;

    // The first that fits is used; the last ones fit everywhere.
    private static readonly ProductTile[] Tiles = [new(64, 64, 16, 8, 4), new(64, 32, 16, 4, 4), new(32, 32, 16, 4, 2), new(32, 32, 16, 4, 4)];
    private static readonly ProductTile[] SoftwareTiles = [new(64, 32, 32, 8, 4), new(32, 32, 32, 4, 4)];
    private static readonly ProductTile[] ExpertTiles = [new(64, 32, 16, 4, 4), new(32, 32, 16, 4, 2), new(32, 32, 16, 4, 4)];
    private static readonly ProductTile[] SoftwareExpertTiles = [new(64, 16, 32, 8, 4), new(32, 16, 32, 4, 4)];

    private readonly bool _isSoftware = session.Device.Info.IsSoftware;
    private readonly uint _subgroupSize = session.Device.Info.Properties.SubgroupSize;

    /// <summary>The tile of products.</summary>
    public ProductTile Tile => Choose(_isSoftware ? SoftwareTiles : Tiles);

    /// <summary>The tile of products of experts, each of which has few rows of x.</summary>
    public ProductTile ExpertTile => Choose(_isSoftware ? SoftwareExpertTiles : ExpertTiles);

    /// <summary>Invocations that share rows of a matrix where rows of x are few. Software pays for more than one subgroup.</summary>
    public uint VectorInvocations => _isSoftware ? _subgroupSize : Math.Max(64, _subgroupSize);

    /// <summary>Rows of a matrix that they share, for a number of rows of x; even.</summary>
    public uint VectorRows(int tokens) => (_isSoftware, tokens) switch { (true, 1) => 8, (true, _) => 4, (_, 1) => 4, _ => 2 };

    /// <summary>The largest number of rows with which each use of an expert reads the expert's matrix for itself: about two uses of an expert.</summary>
    public int FewExpertRows(ExpertRoute route) =>
        // Sorting counts in shared memory.
        route.Experts * 2L * sizeof(uint) > session.Limits.SharedBytes ? int.MaxValue : Math.Max(1, 2 * route.Experts / route.Ids.Width);

    /// <summary>The sizes of the scratch memory of a route: the tiles of the sorted uses, and these.</summary>
    public IReadOnlyList<long> RouteBytes(ExpertRoute route, PlanLimits limits)
    {
        var rows = limits.Capacity(route.Ids.Rows);
        if (rows <= FewExpertRows(route)) return [];
        var uses = (long)rows * route.Ids.Width;
        var tiles = (uses / ExpertTile.Tokens) + Math.Min(route.Experts, uses);
        return [(1 + (3 * tiles)) * sizeof(uint), uses * sizeof(uint)];
    }

    private ProductTile Choose(ProductTile[] tiles) =>
        Array.Find(tiles, tile => tile.Fits(session.Limits, _subgroupSize)) is { Rows: > 0 } found ? found : tiles[^1];
}
