using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q8_0;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Eight blocks of 32 weights: a scale, and signed bytes.</summary>
internal sealed unsafe class Q8_0Integers : RowFormat
{
    private static readonly int BlockBytes = sizeof(Q8_0Block), QuantsOffset = Offsets.Of<Q8_0Block>(b => b->Quants);

    // The address of the scales of the last four blocks: as far from the first of them as for the first four.
    private static readonly int OfLastFour = 4 * BlockBytes;

    private Constant _scalesOfFour, _firstParts, _lastParts;

    public override TensorType Type => TensorType.Q8_0;

    public override int MaxNumber => 127;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        const byte LowerHalves = 0b01_00_01_00, UpperHalves = 0b11_10_11_10;
        // Two blocks each.
        AssemblerRegisterZMM[] pairs = [zmm8, zmm9, zmm10, zmm11];
        for (var i = 0; i < pairs.Length; i++)
        {
            a.vbroadcasti64x4(pairs[i], __ymmword_ptr[block + ((2 * i * BlockBytes) + QuantsOffset)]);
            a.vbroadcasti64x4(pairs[i].k1, __ymmword_ptr[block + (((2 * i) + 1) * BlockBytes + QuantsOffset)]);
        }

        // 64-bit lanes of four blocks each: those of two parts, in a half each.
        for (var half = 0; half < 2; half++)
        {
            var parts = half == 0 ? _firstParts : _lastParts;
            var (low, high) = (into.Weights[2 * half], into.Weights[(2 * half) + 1]);
            Copy(a, low, parts);
            Copy(a, high, parts);
            a.vpermi2q(low, pairs[0], pairs[1]);
            a.vpermi2q(high, pairs[2], pairs[3]);
            a.vshufi64x2(zmm12, low, high, LowerHalves);
            a.vshufi64x2(high, low, high, UpperHalves);
            a.vmovdqa32(low, zmm12);
        }

        foreach (var (words, first) in ((AssemblerRegisterZMM, int)[])[(zmm8, 0), (zmm9, OfLastFour)])
        {
            a.vmovdqu32(zmm10, __zmmword_ptr[block + first]);
            Copy(a, words, _scalesOfFour);
            a.vpermi2w(words, zmm10, __zmmword_ptr[block + (first + 64)]);
        }

        a.vinserti128(ymm8, ymm8, xmm9, 1);
        a.vcvtph2ps(into.Scales, ymm8);
    }

    protected override void DeclareConstants(Assembler a)
    {
        // The upper four 64-bit lanes.
        Set(a, k1, 0xF0);
        // A block has two lanes.
        _scalesOfFour = Declare(VectorConstants.OfWords(word => word / 2 % 4 * (BlockBytes / 2)));
        _firstParts = DeclareParts(0);
        _lastParts = DeclareParts(2);

        // Lanes 0 to 3 and 4 to 7 of each two vectors are blocks.
        Constant DeclareParts(int first) => Declare(lane => lane % 2 == 0 ? (lane / 2 % 4 * 4) + first + (lane / 8) : 0);
    }
}
