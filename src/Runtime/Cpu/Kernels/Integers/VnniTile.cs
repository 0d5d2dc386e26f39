using ArchGen.Cpu.Kernels.MachineCode;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>12 rows, in assembled code.</summary>
internal readonly unsafe struct VnniTile : IIntegerTile
{
    public static int Rows => IntegerTileCode.Rows;

    public static int Tokens => IntegerPanels.Width;

    public static bool IsPaired => PairedProducts.IsPreferred;

    private static IntegerTileCode Code => IsPaired ? IntegerTileCode.Paired : IntegerTileCode.Plain;

    public static void WarmUp() => _ = Code;

    public static void Add(int tokens, short* w, int pairs, short* x, float* scales, float* sums, float* rowScales, bool isFirst, BytesAhead ahead) =>
        Code.Add(tokens, w, pairs, x, sums, rowScales, isFirst ? 1 : 0, ahead);
}
