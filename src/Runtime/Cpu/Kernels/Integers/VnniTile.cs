using ArchGen.Cpu.Kernels.MachineCode;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>12 rows, in emitted code.</summary>
internal readonly unsafe struct VnniTile : IIntegerTile
{
    public static int Rows => IntegerTileEmitter.Rows;

    public static int Tokens => IntegerPanels.Width;

    public static bool IsPaired => PairedProducts.IsPreferred;

    private static IntegerTileEmitter Code => IsPaired ? IntegerTileEmitter.Paired : IntegerTileEmitter.Plain;

    public static void WarmUp() => _ = Code;

    public static void Add(int tokens, short* w, int pairs, short* x, float* scales, float* sums, float* rowScales, bool isFirst, BytesAhead ahead) =>
        Code.Add(tokens, w, pairs, x, sums, rowScales, isFirst ? 1 : 0, ahead);
}
