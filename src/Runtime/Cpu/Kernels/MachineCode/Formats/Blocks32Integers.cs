using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Eight blocks of 32 weights: a scale, perhaps a minimum, perhaps fifth bits, and 16 bytes of nibbles.</summary>
/// <param name="type">The type.</param>
/// <param name="quantsOffset">The offset of the nibbles in a block.</param>
internal sealed unsafe class Blocks32Integers(TensorType type, int quantsOffset) : NibbleFormat
{
    private const int Count = 8, PartBytes = 8, VectorBytes = 64;

    // The first 128 bytes.
    private static readonly AssemblerRegisterZMM First = zmm8, Second = zmm9;

    private readonly int _blockBytes = type.BytesPerBlock;
    private readonly Constant[] _quants = new Constant[2], _fifthShifts = new Constant[4];
    private Constant _scales, _fifths, _twice, _fifthBit;
    private int _lowestByte, _exponentBias, _one;

    /// <summary>Whether a half-precision minimum follows the scale.</summary>
    public bool HasMinimum { get; init; }

    /// <summary>The offset of the 32 fifth bits in a block; null if there are none. Needs AVX512-VBMI.</summary>
    public int? FifthBitsOffset { get; init; }

    /// <summary>The difference of numbers and weights over the scale, if nibbles are numbers.</summary>
    public int NumberOffset { get; init; }

    /// <summary>
    /// Whether the scale is not in half precision but a power of two (OCP microscaling formats 1.0, 5.4.1), to be halved, as levels are doubled; blocks have
    /// an odd number of bytes then. Needs AVX512-VBMI.
    /// </summary>
    public bool HasExponent { get; init; }

    public override TensorType Type => type;

    public override int Offset => Levels is null ? NumberOffset : base.Offset;

    public override int MaxNumber => (FifthBitsOffset is null ? base.MaxNumber : 31) - NumberOffset;

    public override bool HasMinima => HasMinimum;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vmovdqu32(First, __zmmword_ptr[block]);
        a.vmovdqu32(Second, __zmmword_ptr[block + VectorBytes]);
        for (var half = 0; half < 2; half++)
        {
            var (low, high) = (into.Weights[half], into.Weights[2 + half]);
            var first = quantsOffset + (PartBytes * half);
            Gather(a, low, _quants[half]);
            foreach (var i in Beyond(first + PartBytes)) a.vpbroadcastq(Only(low, i), __qword_ptr[block + ((i * _blockBytes) + first)]);
            Split(a, low, high);
        }

        if (FifthBitsOffset is { } fifths) AddFifthBits(a, block + fifths, fifths, into.Weights);
        ReadScales(a, block, constants, into);
    }

    private void AddFifthBits(Assembler a, AssemblerMemoryOperand bits, int offset, AssemblerRegisterZMM[] weights)
    {
        Gather(a, zmm10, _fifths);
        foreach (var i in Beyond(offset + sizeof(int))) a.vpbroadcastd(Only(zmm10, i), __dword_ptr[bits + (i * _blockBytes)]);
        a.vpermd(zmm10, In(a, _twice, zmm11), zmm10);
        for (var part = 0; part < weights.Length; part++)
        {
            a.vpmultishiftqb(zmm11, In(a, _fifthShifts[part], zmm11), zmm10);
            a.vpternlogd(weights[part], zmm11, In(a, _fifthBit, zmm12), OrAnd);
        }
    }

    private void ReadScales(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        Gather(a, zmm10, _scales);
        if (HasExponent)
        {
            a.vpandd(zmm10, zmm10, __zmmword_ptr[constants + _lowestByte]);
            a.vcvtdq2ps(zmm10, zmm10);
            a.vaddps(zmm10, zmm10, __zmmword_ptr[constants + _exponentBias]);
            a.vmovdqu32(zmm11, __zmmword_ptr[constants + _one]);
            a.vscalefps(into.Scales, zmm11, zmm10);
            return;
        }

        // Two half-precision numbers of each block, of which the second is ignored.
        foreach (var i in Beyond(sizeof(int))) a.vpbroadcastd(Only(zmm10, i), __dword_ptr[block + (i * _blockBytes)]);
        a.vcvtph2ps(zmm10, ymm10);
        a.vmovsldup(into.Scales, zmm10);
        if (HasMinimum) a.vmovshdup(into.Minima, zmm10);
    }

    private void Gather(Assembler a, AssemblerRegisterZMM destination, Constant indices)
    {
        Copy(a, destination, indices);
        if (HasExponent) a.vpermi2b(destination, First, Second);
        else a.vpermi2w(destination, First, Second);
    }

    /// <summary>Blocks whose bytes up to this one are not all among the first 128.</summary>
    private IEnumerable<int> Beyond(int end) => Enumerable.Range(0, Count).Where(i => (i * _blockBytes) + end > 2 * VectorBytes);

    /// <summary>A register, of which only a block's lane is written.</summary>
    private static AssemblerRegisterZMM Only(AssemblerRegisterZMM register, int block) => block switch
    {
        5 => register.k5,
        6 => register.k6,
        7 => register.k7,
        _ => throw new ArgumentOutOfRangeException(nameof(block)),
    };

    protected override void DeclareConstants(Assembler a)
    {
        Set(a, k5, 1 << 5);
        Set(a, k6, 1 << 6);
        Set(a, k7, 1 << 7);
        base.DeclareConstants(a);
        for (var half = 0; half < _quants.Length; half++)
        {
            var first = quantsOffset + (PartBytes * half);
            _quants[half] = DeclareIndices(i => (i / PartBytes * _blockBytes) + first + (i % PartBytes));
        }

        _scales = HasExponent
            ? DeclareIndices(i => i / PartBytes * _blockBytes)
            : DeclareIndices(i => (i / sizeof(int) % Count * _blockBytes) + (i % sizeof(int)));
        if (FifthBitsOffset is { } fifths)
        {
            _fifthBit = Declare(_ => Bytes4(0x10));
            // The bits of a block's 8 numbers each go to bit 4 of bytes.
            for (var part = 0; part < _fifthShifts.Length; part++)
            {
                var first = (PartBytes * part) - 4;
                _fifthShifts[part] = Declare(VectorConstants.OfBytes(i => (first + (i % PartBytes)) & 63));
            }

            _fifths = DeclareIndices(i => (i / sizeof(int) % Count * _blockBytes) + fifths + (i % sizeof(int)));
            _twice = Declare(lane => lane / 2);
        }

        if (!HasExponent) return;
        _lowestByte = InMemory(_ => 0xFF);
        _exponentBias = InMemory(_ => Float(-128));
        _one = InMemory(_ => Float(1));
    }

    /// <summary>Indices of 64 bytes among the first 128, or of their words.</summary>
    private Constant DeclareIndices(Func<int, int> source) => Declare(HasExponent
        ? VectorConstants.OfBytes(i => source(i) & ((2 * VectorBytes) - 1))
        : VectorConstants.OfWords(i => source(2 * i) / 2 & (VectorBytes - 1)));
}
