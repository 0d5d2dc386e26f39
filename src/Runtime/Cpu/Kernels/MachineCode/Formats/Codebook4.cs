using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// Codebooks of four numbers per entry: looks up the 64 entries of a block, in the order <see cref="Integers.IntegerOrder.BytesOf32"/>, number by number
/// in tables of 128 bytes (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VPERMT2B).
/// </summary>
/// <remarks>zmm8 to zmm11 are lost, and k3 to k5.</remarks>
/// <param name="numbers">Each entry's four numbers, as bytes.</param>
internal sealed class Codebook4(Func<int[]> numbers)
{
    private const int TableEntries = 128, Vector = 64, Planes = 4;

    private static readonly AssemblerRegisterZMM Entries = zmm8, Other = zmm9;

    private int[,] _planes = new int[0, 0];
    private int _order;

    /// <summary>Looks up all entries of a block.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="entries">The lower eight bits of 64 entries.</param>
    /// <param name="ninthBits">Their ninth bits, if there are any.</param>
    /// <param name="constants">See <see cref="DeclareConstants"/>.</param>
    /// <param name="destination">The destination: the numbers of the four parts.</param>
    public void LookUp(
        Assembler a, AssemblerMemoryOperand entries, AssemblerMemoryOperand? ninthBits, AssemblerRegister64 constants, AssemblerRegisterZMM[] destination)
    {
        var order = __zmmword_ptr[constants + _order];
        a.vmovdqu32(Entries, entries);
        a.vpshufb(Entries, Entries, order);
        a.vpmovb2m(k3, Entries);
        if (ninthBits is { } bits)
        {
            a.kmovq(k4, bits);
            a.vpmovm2b(zmm10, k4);
            a.vpshufb(zmm10, zmm10, order);
            a.vpmovb2m(k4, zmm10);
            a.kandq(k5, k3, k4);
        }

        for (var plane = 0; plane < Planes; plane++)
        {
            for (var table = 0; table < _planes.GetLength(1) / 2; table++)
            {
                var found = table == 0 ? destination[plane] : Other;
                a.vmovdqu32(found, __zmmword_ptr[constants + _planes[plane, 2 * table]]);
                a.vpermt2b(found, Entries, __zmmword_ptr[constants + _planes[plane, (2 * table) + 1]]);
                // Of entries with the eighth bit, with the ninth, with both: the last are taken three times.
                if (table == 1) a.vmovdqu8(destination[plane].k3, Other);
                else if (table == 2) a.vmovdqu8(destination[plane].k4, Other);
                else if (table == 3) a.vmovdqu8(destination[plane].k5, Other);
            }
        }

        a.vpunpcklbw(zmm8, destination[0], destination[1]);
        a.vpunpckhbw(zmm9, destination[0], destination[1]);
        a.vpunpcklbw(zmm10, destination[2], destination[3]);
        a.vpunpckhbw(zmm11, destination[2], destination[3]);
        a.vpunpcklwd(destination[0], zmm8, zmm10);
        a.vpunpckhwd(destination[1], zmm8, zmm10);
        a.vpunpcklwd(destination[2], zmm9, zmm11);
        a.vpunpckhwd(destination[3], zmm9, zmm11);
    }

    /// <summary>Declares what <see cref="LookUp"/> reads, as <see cref="SixBitScaleEmitter.DeclareConstants"/> does.</summary>
    public void DeclareConstants(Func<Func<int, int>, int> declare)
    {
        // Vectors are interleaved within each 128 bits, where four entries become four numbers each of a part: two are of one 32, two of the next.
        _order = declare(VectorConstants.OfBytes(i => (2 * (i % 16 / 4)) + (i % 2) + (8 * (i % 4 / 2))));
        var entries = numbers();
        _planes = new int[Planes, entries.Length / Vector];
        for (var plane = 0; plane < Planes; plane++)
        {
            for (var i = 0; i < entries.Length / Vector; i++)
            {
                var (shift, first) = (8 * plane, Vector * i);
                _planes[plane, i] = declare(VectorConstants.OfBytes(entry => entries[first + entry] >> shift & 0xFF));
            }
        }
    }
}
