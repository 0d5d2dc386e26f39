using ArchGen.Formats.F16;
using ArchGen.Formats.Simd;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Half precision to single, for which .NET has no intrinsic (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VCVTPH2PS).
/// </summary>
internal sealed unsafe class HalfEmitter
{
    /// <summary>The number of elements that a step converts.</summary>
    public const int Step = 64;

    private const int Lanes = 16;

    private static readonly Lazy<HalfEmitter> Shared = new(static () => new HalfEmitter());

    private readonly nint _code;

    private HalfEmitter()
    {
        var block = new CodeBlock();
        var offset = block.Add(Write);
        _code = block.Map() + offset;
    }

    /// <summary>The code, assembled at first use.</summary>
    public static HalfEmitter Instance => Shared.Value;

    /// <summary>Whether it converts such weights for <see cref="IntegerTileEmitter"/>.</summary>
    public static bool Converts<TFormat, TSimd>() => typeof(TFormat) == typeof(F16Decoder) && typeof(TSimd) == typeof(Simd512);

    /// <summary>Converts a number of steps, at least one.</summary>
    public void Convert(byte* halves, nint steps, float* floats) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, nint, float*, void>)_code)(halves, steps, floats);

    // The arguments are in rdi, rsi, rdx.
    private static void Write(Assembler a)
    {
        AssemblerRegisterZMM[] numbers = [zmm0, zmm1, zmm2, zmm3];
        var next = a.CreateLabel();
        a.Label(ref next);
        for (var i = 0; i < Step / Lanes; i++) a.vcvtph2ps(numbers[i], __ymmword_ptr[rdi + (i * Lanes * 2)]);
        for (var i = 0; i < Step / Lanes; i++) a.vmovups(__zmmword_ptr[rdx + (i * Lanes * sizeof(float))], numbers[i]);
        a.add(rdi, Step * 2);
        a.add(rdx, Step * sizeof(float));
        a.dec(rsi);
        a.jne(next);
        a.vzeroupper();
        a.ret();
    }
}
