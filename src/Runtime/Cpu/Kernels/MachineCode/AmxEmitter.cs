using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Products of tiles of split integers on AMX-INT8, for which .NET has no intrinsics (Intel 64 and IA-32 Architectures Software Developer's Manual,
/// volume 1, chapter 18; volume 2, TDPBSSD). A tile is 16 rows of 64 bytes.
/// </summary>
internal sealed unsafe partial class AmxEmitter
{
    /// <summary>Rows of weights, and tokens, of a tile.</summary>
    public const int Side = 16;

    /// <summary>Bytes of a tile.</summary>
    public const int TileBytes = 1024;

    /// <summary>Elements of a row that a tile holds.</summary>
    public const int Step = 64;

    /// <summary>Bytes from a step to the next: the tile of the upper bytes, then that of the lower.</summary>
    public const int StepBytes = 2 * TileBytes;

    /// <summary>Tiles of rows that are multiplied at a time.</summary>
    public const int Blocks = 2;

    /// <summary>Bytes of the sums: for each block the tile of the products of upper bytes, then that of the mixed ones.</summary>
    public const int SumBytes = Blocks * 2 * TileBytes;

    private const int RowBytes = TileBytes / Side;

    private static readonly Lazy<AmxEmitter> Shared = new(static () => new AmxEmitter());

    private readonly nint _configure, _release, _multiply;

    private AmxEmitter()
    {
        var block = new CodeBlock();
        var (configure, release, multiply) = (block.Add(WriteConfigure), block.Add(WriteRelease), block.Add(WriteMultiply));
        var code = block.Map();
        (_configure, _release, _multiply) = (code + configure, code + release, code + multiply);
    }

    /// <summary>The code, assembled at first use.</summary>
    public static AmxEmitter Instance => Shared.Value;

    /// <summary>
    /// Whether the processor has these instructions and the system permits them; requests the permission. Assembles nothing.
    /// </summary>
    public static bool IsSupported { get; } = IntegerTileEmitter.IsSupported && HasInstructions() && IsPermitted();

    /// <summary>Configures this thread's tiles.</summary>
    public void Configure() => ((delegate* unmanaged[Cdecl, SuppressGCTransition]<void>)_configure)();

    /// <summary>Releases this thread's tiles, so that the system need not save them.</summary>
    public void Release() => ((delegate* unmanaged[Cdecl, SuppressGCTransition]<void>)_release)();

    /// <summary>
    /// The products of <see cref="Blocks"/> times <see cref="Side"/> rows with as many tokens as a tile has: those of the upper bytes, and those of one's
    /// upper and the other's lower bytes. The products of two lower bytes are omitted.
    /// </summary>
    /// <param name="w">The steps of the first block of rows; those of the next are <paramref name="steps"/> further.</param>
    /// <param name="x">The tokens' steps, of each tile row the same four elements of every token.</param>
    /// <param name="steps">Number of steps, at least 1, and few enough for the sums' 32 bits: 512.</param>
    /// <param name="sums">The sums, <see cref="SumBytes"/> of 32-bit integers: [block, kind, row, token].</param>
    public void Multiply(byte* w, byte* x, nint steps, int* sums) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nint, int*, void>)_multiply)(w, x, steps, sums);

    private static bool HasInstructions()
    {
        const int Tiles = 1 << 24, Integers = 1 << 25;
        return (X86Base.CpuId(7, 0).Edx & (Tiles | Integers)) == (Tiles | Integers);
    }

    /// <summary>Linux permits tiles to a process that requests them (arch/x86/xstate in the kernel's documentation).</summary>
    private static bool IsPermitted()
    {
        const nint ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;
        return SystemCall(ArchPrctl, RequestPermission, TileData) == 0;
    }

    private static void WriteConfigure(Assembler a)
    {
        var configuration = a.CreateLabel();
        a.ldtilecfg(__[configuration]);
        a.ret();
        a.Label(ref configuration);
        a.db(Configuration());
    }

    /// <summary>Palette 1; bytes per row of each tile, then rows (volume 1, section 18.2).</summary>
    private static byte[] Configuration()
    {
        const int Tiles = 8, RowBytesAt = 16, RowsAt = 48, Length = 64;
        var configuration = new byte[Length];
        configuration[0] = 1;
        for (var tile = 0; tile < Tiles; tile++)
        {
            configuration[RowBytesAt + (2 * tile)] = RowBytes;
            configuration[RowsAt + tile] = Side;
        }

        return configuration;
    }

    private static void WriteRelease(Assembler a)
    {
        a.tilerelease();
        a.ret();
    }

    // w, x, steps, sums are in rdi, rsi, rdx, rcx.
    private static void WriteMultiply(Assembler a)
    {
        AssemblerRegisterTMM[] upperSums = [tmm0, tmm1], mixedSums = [tmm2, tmm3];
        AssemblerRegisterTMM upper = tmm4, lower = tmm5, xUpper = tmm6, xLower = tmm7;
        AssemblerRegister64[] w = [rdi, r8];

        a.mov(rax, RowBytes);
        a.mov(w[1], rdx);
        a.imul(w[1], w[1], StepBytes);
        a.add(w[1], w[0]);
        for (var block = 0; block < Blocks; block++)
        {
            a.tilezero(upperSums[block]);
            a.tilezero(mixedSums[block]);
        }

        var next = a.CreateLabel();
        a.Label(ref next);
        a.tileloadd(xUpper, __[rsi + rax]);
        a.tileloadd(xLower, __[rsi + rax + TileBytes]);
        for (var block = 0; block < Blocks; block++)
        {
            a.tileloadd(upper, __[w[block] + rax]);
            a.tdpbssd(mixedSums[block], upper, xLower);
            a.tdpbssd(upperSums[block], upper, xUpper);
            a.tileloadd(lower, __[w[block] + rax + TileBytes]);
            a.tdpbssd(mixedSums[block], lower, xUpper);
            a.add(w[block], StepBytes);
        }

        a.add(rsi, StepBytes);
        a.dec(rdx);
        a.jne(next);
        for (var block = 0; block < Blocks; block++)
        {
            a.tilestored(__[rcx + rax + (2 * block * TileBytes)], upperSums[block]);
            a.tilestored(__[rcx + rax + (((2 * block) + 1) * TileBytes)], mixedSums[block]);
        }

        a.ret();
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second);
}
