using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q4_0;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Blocks of a half-precision scale and 16 bytes, low nibbles first. The first eight bytes of all blocks make a vector, and the last eight. The four nibbles of
/// each of their 16-bit words are four vectors of words, whose partners the activations have in this order: nothing is widened.
/// </summary>
internal sealed unsafe class Q4_0DotBody : WordDotBody
{
    private const int PartBytes = 8, NibblesOfWord = 4;

    private static readonly int BlockBytes = sizeof(Q4_0Block), QuantsOffset = Offsets.Of<Q4_0Block>(b => b->Quants);

    private static readonly AssemblerRegisterZMM[][] Quants = [[zmm23, zmm24], [zmm25, zmm26]];
    private static readonly AssemblerRegisterZMM OfUpper = zmm27, QuantIndices = zmm28, ScaleIndices = zmm29;

    // The lowest four bits of each word.
    private static readonly AssemblerRegisterZMM Nibble = zmm31;

    private readonly VectorConstants _constants = new();

    /// <summary>The layout of its activations.</summary>
    public static IntegerLayout Layout => new(IntegerOrder.NibblesOf32, Offset: 8);

    public override int WeightBytes => (int)TensorType.Q4_0.ByteLength(Step);

    public override void Begin(Assembler a, DotOperands at)
    {
        _constants.Clear();
        _constants.Add(Nibble, _ => 0x000F000F);
        // Of four blocks, twice.
        _constants.AddWords(QuantIndices, word => (word / 4 % 4 * BlockBytes / 2) + (QuantsOffset / 2) + (word % 4));
        _constants.AddWords(ScaleIndices, word => word / 2 % 4 * BlockBytes / 2);
        _constants.Load(a, at.Constants);
        a.mov(eax, 0xF0);
        a.kmovd(k1, eax);
        a.mov(eax, 0b1100);
        a.kmovd(k2, eax);
    }

    protected override void Read(Assembler a, DotOperands at)
    {
        foreach (var write in ReadQuants(a, at, 0)) write();
    }

    protected override IEnumerable<Action> Unpack(Assembler a, DotOperands at, int vector)
    {
        var (part, nibble) = (vector / NibblesOfWord, vector % NibblesOfWord);
        for (var row = 0; row < at.Rows; row++)
        {
            var (weights, packed) = (Weights[vector % 2][row], Quants[part][row]);
            if (nibble > 0) yield return () => a.vpsrlw(weights, packed, (byte)(4 * nibble));
            if (nibble < NibblesOfWord - 1) yield return () => a.vpandd(weights, nibble > 0 ? weights : packed, Nibble);
        }
    }

    protected override IEnumerable<Action> Beside(Assembler a, DotOperands at, int vector) =>
    [
        .. vector == 0 ? ReadQuants(a, at, 1) : [],
        .. base.Beside(a, at, vector),
        .. vector == 5 ? ReadScales(a, at) : [],
    ];

    private static IEnumerable<Action> ReadQuants(Assembler a, DotOperands at, int part) =>
        Enumerable.Range(0, at.Rows).SelectMany(row => ReadHalves(a, Quants[part][row], QuantIndices, at.Weights[row] + (PartBytes * part), k1));

    private static IEnumerable<Action> ReadScales(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            var scales = Scales[row];
            foreach (var write in ReadHalves(a, scales, ScaleIndices, at.Weights[row] + 0, k2)) yield return write;
            yield return () => a.vcvtph2ps(scales, new AssemblerRegisterYMM(Register.YMM0 + (scales.Value - Register.ZMM0)));
        }
    }

    // Those of four blocks and those of the other four.
    private static IEnumerable<Action> ReadHalves(
        Assembler a, AssemblerRegisterZMM words, AssemblerRegisterZMM indices, AssemblerMemoryOperand source, AssemblerRegisterK upper)
    {
        yield return () => a.vpermw(words, indices, __zmmword_ptr[source]);
        yield return () => a.vpermw(OfUpper, indices, __zmmword_ptr[source + (4 * BlockBytes)]);
        yield return () => a.vpblendmq(Masked(words, upper), words, OfUpper);
    }

    private static AssemblerRegisterZMM Masked(AssemblerRegisterZMM register, AssemblerRegisterK mask) => mask == k1 ? register.k1 : register.k2;
}
