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
    // Of a row of the tile and a plane 16 pairs, and 4 that nothing is in.
    private const uint RowBytes = 20 * 2 * sizeof(ushort);

    // What codebooks of weights need in the same memory.
    private const uint TableBytes = 4096 + 256;

    /// <summary>Subgroups of a workgroup.</summary>
    public uint Subgroups => Rows / PartRows * (Tokens / PartTokens);

    /// <summary>Whether a device can run it.</summary>
    /// <param name="unit">What its units multiply at a time.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="planes">How many numbers of half precision each number is.</param>
    public bool Fits(MatrixUnit unit, DeviceLimits limits, HalfPlanes planes)
    {
        var operands = ((planes.OfWeights * Rows) + (planes.OfX * Tokens)) * RowBytes;
        var results = (Rows + (Subgroups * 2 * unit.M * unit.N)) * sizeof(float);
        return operands + results + TableBytes <= limits.SharedBytes && Subgroups * unit.SubgroupSize <= limits.Invocations
            // Two matrices where there is a gate.
            && PartRows % (2 * unit.M) == 0 && PartTokens % unit.N == 0;
    }
}

/// <summary>Of how many numbers in half precision each is the sum: 1, if it is rounded, or 2.</summary>
/// <param name="OfWeights">Weights.</param>
/// <param name="OfX">Activations.</param>
internal readonly record struct HalfPlanes(uint OfWeights, uint OfX);

/// <summary>The tiles of products with weights of some types.</summary>
/// <param name="Planes">How numbers are rounded.</param>
/// <param name="ByRows">Tiles, and the largest number of rows of x for which each is used; ascending.</param>
/// <param name="Expert">The tile of experts; null if none fits the tiles that uses of experts are sorted into.</param>
internal sealed record MatrixTiles(HalfPlanes Planes, IReadOnlyList<(long Most, MatrixTile Tile)> ByRows, MatrixTile? Expert);

/// <summary>How a device's matrix units compute products.</summary>
/// <param name="Unit">What they multiply at a time.</param>
/// <param name="Quantized">The tiles of quantized types: all is rounded.</param>
/// <param name="Half">Those of types with 16 bits, which lose nothing, so that rounding x would be all of the error. Null if none fits.</param>
/// <param name="Single">Those of weights in single precision. Null if none fits.</param>
internal sealed record MatrixShapes(MatrixUnit Unit, MatrixTiles Quantized, MatrixTiles? Half, MatrixTiles? Single)
{
    /// <summary>The largest number of rows of x that are too few.</summary>
    public const int FewRows = 8;

    /// <summary>
    /// This variable of the environment, set to 0, turns matrix units off; set to 1 it turns them on for software devices too, which are slower with them.
    /// </summary>
    public const string Variable = "ARCHGEN_VULKAN_MATRIX_UNITS";

    /// <summary>Of quantized types.</summary>
    public static HalfPlanes PlanesOfQuantized { get; } = new(1, 1);

    /// <summary>Of types with 16 bits.</summary>
    public static HalfPlanes PlanesOfHalf { get; } = new(1, 2);

    /// <summary>Of single precision.</summary>
    public static HalfPlanes PlanesOfSingle { get; } = new(2, 2);

    // Software compiles only small tiles in a reasonable time.
    private static readonly (long Most, MatrixTile Tile)[] OfSoftware = [(long.MaxValue, new(32, 16, 32, 16))];

    // Experts' uses are sorted into tiles of 32 or, on software devices, 16.
    private static readonly MatrixTile[] OfExperts = [new(64, 32, 32, 16), new(32, 32, 32, 16), new(64, 16, 32, 16), new(32, 16, 32, 16)];

    /// <summary>The tiles of a graphics processor.</summary>
    public static IReadOnlyList<(long Most, MatrixTile Tile)> OfHardware { get; } =
    [
        (32, new(64, 32, 32, 16)), (128, new(64, 64, 32, 32)), (long.MaxValue, new(128, 128, 64, 64)),
    ];

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
        return OfPlanes(PlanesOfQuantized) is { } quantized ? new MatrixShapes(unit, quantized, OfPlanes(PlanesOfHalf), OfPlanes(PlanesOfSingle)) : null;

        MatrixTiles? OfPlanes(HalfPlanes planes)
        {
            var tiles = (isSoftware ? OfSoftware : OfHardware).Where(choice => choice.Tile.Fits(unit, limits, planes)).ToArray();
            if (tiles.Length == 0) return null;
            // The largest that fits is for all that are larger.
            tiles[^1].Most = long.MaxValue;
            var expert = Array.Find(OfExperts, tile => tile.Tokens == expertTokens && tile.Fits(unit, limits, planes));
            return new MatrixTiles(planes, tiles, expert.Rows > 0 ? expert : null);
        }
    }

    /// <summary>The tiles of products with weights of a type; null if matrix units do not compute them.</summary>
    public MatrixTiles? TilesOf(TensorType type) => type switch
    {
        TensorType.F32 => Single,
        TensorType.F16 or TensorType.BF16 => Half,
        _ => Quantized,
    };
}
