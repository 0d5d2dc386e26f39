using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// The 64 points of a block, of four numbers each: each number of all points by itself, looked up in tables of 128 bytes (Intel 64 and IA-32 Architectures
/// Software Developer's Manual, volume 2, VPERMT2B).
/// </summary>
/// <remarks>zmm19 to zmm22 have the points of the four parts; zmm14, zmm15, zmm17 and zmm18 are lost, and k3 to k5.</remarks>
/// <param name="numbers">Each entry's four numbers, as bytes.</param>
internal sealed class FourPoints(int[] numbers)
{
    private const int TableEntries = 128, Vector = 64;

    private static readonly AssemblerRegisterZMM Entries = zmm17, Other = zmm18;
    private static readonly AssemblerRegisterZMM[] Planes = [zmm19, zmm20, zmm21, zmm22];

    private readonly int _tables = numbers.Length / TableEntries;
    private readonly int[,] _planes = new int[4, numbers.Length / Vector];
    private int _order;

    /// <summary>The points of a part.</summary>
    public static AssemblerRegisterZMM Of(int part) => Planes[part];

    /// <summary>Looks up all.</summary>
    /// <param name="a">Takes the instructions.</param>
    /// <param name="entries">The lower eight bits of 64 entries.</param>
    /// <param name="ninthBits">Their ninth bits, if there are any.</param>
    /// <param name="constants">See <see cref="DeclareConstants"/>.</param>
    public void LookUp(Assembler a, AssemblerMemoryOperand entries, AssemblerMemoryOperand? ninthBits, AssemblerRegister64 constants)
    {
        a.vmovdqu32(Other, __zmmword_ptr[constants + _order]);
        a.vpermd(Entries, Other, entries);
        a.vpmovb2m(k3, Entries);
        if (ninthBits is { } bits)
        {
            a.kmovq(k4, bits);
            a.vpmovm2b(zmm14, k4);
            a.vpermd(zmm14, Other, zmm14);
            a.vpmovb2m(k4, zmm14);
            a.kandq(k5, k3, k4);
        }

        for (var plane = 0; plane < Planes.Length; plane++)
        {
            for (var table = 0; table < _tables; table++)
            {
                var found = table == 0 ? Planes[plane] : Other;
                a.vmovdqu32(found, __zmmword_ptr[constants + _planes[plane, 2 * table]]);
                a.vpermt2b(found, Entries, __zmmword_ptr[constants + _planes[plane, (2 * table) + 1]]);
                // Of entries with the eighth bit, with the ninth, with both: the last are taken three times.
                if (table == 1) a.vmovdqu8(Planes[plane].k3, Other);
                else if (table == 2) a.vmovdqu8(Planes[plane].k4, Other);
                else if (table == 3) a.vmovdqu8(Planes[plane].k5, Other);
            }
        }

        a.vpunpcklbw(zmm14, Planes[0], Planes[1]);
        a.vpunpckhbw(zmm15, Planes[0], Planes[1]);
        a.vpunpcklbw(zmm17, Planes[2], Planes[3]);
        a.vpunpckhbw(zmm18, Planes[2], Planes[3]);
        a.vpunpcklwd(Planes[0], zmm14, zmm17);
        a.vpunpckhwd(Planes[1], zmm14, zmm17);
        a.vpunpcklwd(Planes[2], zmm15, zmm18);
        a.vpunpckhwd(Planes[3], zmm15, zmm18);
    }

    /// <summary>Declares what <see cref="LookUp"/> reads, as <see cref="SixBitScaleCode.DeclareConstants"/> does.</summary>
    public void DeclareConstants(Func<Func<int, int>, int> declare)
    {
        // Vectors are interleaved within each 128 bits: what meets there must lie in the same part in the end.
        _order = declare(lane => (4 * (lane % 4)) + (lane / 4));
        for (var plane = 0; plane < Planes.Length; plane++)
        {
            for (var i = 0; i < numbers.Length / Vector; i++)
            {
                var (shift, first) = (8 * plane, Vector * i);
                _planes[plane, i] = declare(lane => Enumerable.Range(0, 4).Sum(j => (numbers[first + (4 * lane) + j] >> shift & 0xFF) << (8 * j)));
            }
        }
    }
}
