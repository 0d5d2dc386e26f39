using ArchGen.Formats;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>How product_cooperative.comp cuts a product.</summary>
/// <param name="Rows">Rows of the matrix of a workgroup.</param>
/// <param name="Tokens">Rows of x of a workgroup.</param>
/// <param name="PartRows">Rows of the matrix of a subgroup.</param>
/// <param name="PartTokens">Rows of x of a subgroup.</param>
internal readonly record struct MatrixTile(uint Rows, uint Tokens, uint PartRows, uint PartTokens)
{
    // Of a row of the tile 16 pairs, and 4 that nothing is in.
    private const uint RowBytes = 20 * 2 * sizeof(ushort);

    // What codebooks of weights need in the same memory.
    private const uint TableBytes = 4096 + 256;

    /// <summary>Subgroups of a workgroup.</summary>
    public uint Subgroups => Rows / PartRows * (Tokens / PartTokens);

    /// <summary>Whether a device can run it.</summary>
    public bool Fits(MatrixUnit unit, DeviceLimits limits) =>
        ((Rows + Tokens) * RowBytes) + (Subgroups * 2 * unit.M * unit.N * sizeof(float)) + TableBytes <= limits.SharedBytes
        && Subgroups * unit.SubgroupSize <= limits.Invocations
        // Two matrices where there is a gate.
        && PartRows % (2 * unit.M) == 0 && PartTokens % unit.N == 0;
}

/// <summary>How a device's matrix units compute products.</summary>
/// <param name="Unit">What they multiply at a time.</param>
/// <param name="Tiles">Tiles, and the largest number of rows of x for which each is used; ascending.</param>
/// <param name="ExpertTile">The tile of experts; null if none fits the tiles that uses of experts are sorted into.</param>
internal sealed record MatrixShapes(MatrixUnit Unit, IReadOnlyList<(long Most, MatrixTile Tile)> Tiles, MatrixTile? ExpertTile)
{
    /// <summary>The largest number of rows of x that are too few.</summary>
    public const int FewRows = 8;

    /// <summary>
    /// This variable of the environment, set to 0, turns matrix units off; set to 1 it turns them on for software devices too, which are slower with them.
    /// </summary>
    public const string Variable = "ARCHGEN_VULKAN_MATRIX_UNITS";

    /// <summary>The tiles of a graphics processor.</summary>
    public static IReadOnlyList<(long Most, MatrixTile Tile)> OfHardware { get; } =
    [
        (32, new(64, 32, 32, 16)), (128, new(64, 64, 32, 32)), (long.MaxValue, new(128, 128, 64, 64)),
    ];

    // Software compiles small tiles only in a reasonable time.
    private static readonly (long Most, MatrixTile Tile)[] OfSoftware = [(long.MaxValue, new(32, 16, 32, 16))];

    // Experts' uses are sorted into tiles of 32 or, on software devices, 16.
    private static readonly MatrixTile[] OfExperts = [new(64, 32, 32, 16), new(32, 32, 32, 16), new(64, 16, 32, 16), new(32, 16, 32, 16)];

    /// <summary>Whether weights in single precision are rounded, too. Tests want that.</summary>
    public bool RoundsSingle { get; init; }

    /// <summary>Whether a device is faster with its matrix units, or the user says so.</summary>
    public static bool AreWanted(VulkanDevice device) => Environment.GetEnvironmentVariable(Variable) switch
    {
        "0" => false,
        "1" => true,
        _ => !device.IsSoftware,
    };

    /// <summary>The shapes for a device; null if none fits.</summary>
    /// <param name="unit">What its units multiply at a time.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="expertTokens">Uses of an expert that are sorted into a tile.</param>
    /// <param name="isSoftware">Whether it is software.</param>
    public static MatrixShapes? Of(MatrixUnit unit, DeviceLimits limits, uint expertTokens, bool isSoftware)
    {
        var tiles = (isSoftware ? OfSoftware : OfHardware).Where(choice => choice.Tile.Fits(unit, limits)).ToArray();
        if (tiles.Length == 0) return null;
        // The largest that fits is for all that are larger.
        tiles[^1].Most = long.MaxValue;
        var expert = Array.Find(OfExperts, tile => tile.Tokens == expertTokens && tile.Fits(unit, limits));
        return new MatrixShapes(unit, tiles, expert.Rows > 0 ? expert : null);
    }

    /// <summary>Whether products with weights of a type are rounded.</summary>
    public bool Rounds(TensorType type) => type != TensorType.F32 || RoundsSingle;
}
