using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q8_0;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Blocks of a half-precision scale and 32 signed bytes. Each eight bytes of all blocks make a vector; the odd bytes of its 16-bit words are a vector of words,
/// and the even ones, plus 128, another.
/// </summary>
internal sealed unsafe class Q8_0DotBody : WordDotBody
{
    private const int BitsOfByte = 8;

    private static readonly int BlockBytes = sizeof(Q8_0Block), QuantsOffset = Offsets.Of<Q8_0Block>(b => b->Quants);

    // Four times eight bytes of all blocks, of each row.
    private static readonly AssemblerRegisterZMM[][] Quants = [[zmm23, zmm24, zmm25, zmm26], [zmm27, zmm28, zmm29, zmm30]];

    // 128 in each even byte.
    private static readonly AssemblerRegisterZMM Offset = zmm31;

    private readonly VectorConstants _constants = new();
    private int _scaleIndices;

    /// <summary>The layout of its activations.</summary>
    public static IntegerLayout Layout => new(IntegerOrder.WordsOf32, Offset: 128);

    public override int WeightBytes => (int)TensorType.Q8_0.ByteLength(Step);

    // One stream of weights is read faster than two, measured on Zen 4.
    public override bool PairsRowsOfOne => false;

    public override void Begin(Assembler a, DotOperands at)
    {
        _constants.Clear();
        _constants.Add(Offset, _ => 0x00800080);
        // Each serves for two lanes.
        _scaleIndices = _constants.AddInMemory(VectorConstants.OfWords(word => word / 2));
        _constants.Load(a, at.Constants);
        a.mov(rax, 0x5555555555555555);
        a.kmovq(k1, rax);
    }

    // Transposes: the first and the third eight bytes of all blocks, and the other ones.
    protected override void Read(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            var quants = Quants[row];
            for (var half = 0; half < 2; half++)
            {
                var (first, second) = (Weights[0][0], Weights[0][1]);
                ReadBlocks(a, first, at.Weights[row], 4 * half, (4 * half) + 2);
                ReadBlocks(a, second, at.Weights[row], (4 * half) + 1, (4 * half) + 3);
                a.vpunpcklqdq(quants[half], first, second);
                a.vpunpckhqdq(quants[2 + half], first, second);
            }

            foreach (var write in Separate(a, row, 0)) write();
        }
    }

    protected override IEnumerable<Action> Unpack(Assembler a, DotOperands at, int vector)
    {
        for (var i = 0; i < at.Rows; i++)
        {
            var (weights, words) = (Weights[vector % 2][i], Quants[i][vector / 2]);
            if (vector % 2 == 0) yield return () => a.vpaddb(weights.k1.z, words, Offset);
            else yield return () => a.vpsraw(weights, words, BitsOfByte);
        }
    }

    protected override IEnumerable<Action> Beside(Assembler a, DotOperands at, int vector)
    {
        var others = Enumerable.Range(0, at.Rows).SelectMany(row => vector switch
        {
            1 => Separate(a, row, 2),
            6 => ReadScales(a, at, row),
            _ => [],
        });
        return [.. base.Beside(a, at, vector), .. others];
    }

    private static void ReadBlocks(Assembler a, AssemblerRegisterZMM quants, AssemblerRegister64 weights, int lower, int upper)
    {
        a.vmovdqu32(Lower(quants), __ymmword_ptr[weights + ((BlockBytes * lower) + QuantsOffset)]);
        a.vinserti64x4(quants, quants, __ymmword_ptr[weights + ((BlockBytes * upper) + QuantsOffset)], 1);
    }

    // Two vectors of the even and odd 128 bits of two.
    private static IEnumerable<Action> Separate(Assembler a, int row, int first)
    {
        var (even, odd, temporary) = (Quants[row][first], Quants[row][first + 1], Scales[row]);
        yield return () => a.vshufi64x2(temporary, even, odd, 0b10_00_10_00);
        yield return () => a.vshufi64x2(odd, even, odd, 0b11_01_11_01);
        yield return () => a.vmovdqa32(even, temporary);
    }

    // With general registers, since the vector instructions are the limit. The indices replace quants that are unpacked already.
    private IEnumerable<Action> ReadScales(Assembler a, DotOperands at, int row)
    {
        var (indices, scales) = (Quants[row][0], Scales[row]);
        for (var i = 0; i < 2; i++)
        {
            var (half, first) = (i, at.Weights[row] + (4 * BlockBytes * i));
            yield return () => a.movzx(r14d, __word_ptr[first + (3 * BlockBytes)]);
            for (var block = 2; block >= 0; block--)
            {
                var scale = __word_ptr[first + (BlockBytes * block)];
                yield return () => a.shl(r14, 16);
                yield return () => a.mov(r14w, scale);
            }

            if (half == 0) yield return () => a.vmovq(Lowest(scales), r14);
            else yield return () => a.vpinsrq(Lowest(scales), Lowest(scales), r14, 1);
        }

        yield return () => a.vmovdqu32(Lower(indices), __ymmword_ptr[at.Constants + _scaleIndices]);
        yield return () => a.vpermw(Lower(scales), Lower(indices), Lower(scales));
        yield return () => a.vcvtph2ps(scales, Lower(scales));
    }

    private static AssemblerRegisterXMM Lowest(AssemblerRegisterZMM register) => new(Register.XMM0 + (register.Value - Register.ZMM0));

    private static AssemblerRegisterYMM Lower(AssemblerRegisterZMM register) => new(Register.YMM0 + (register.Value - Register.ZMM0));
}
