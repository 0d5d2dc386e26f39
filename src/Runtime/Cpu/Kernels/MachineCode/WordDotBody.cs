using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Eight blocks of 32 weights, which become eight vectors of 16-bit words, times activations of 16-bit integers (Intel 64 and IA-32 Architectures Software
/// Developer's Manual, volume 2, VPDPWSSD). Two lanes of each vector belong to each block, so that a sum of the eight is scaled once.
/// </summary>
/// <remarks>
/// On Zen 4 a product starts in each cycle, and two other instructions in three cycles beside it, if they are spread evenly: the next vector is unpacked among
/// the products of the one before. Permutations of two tables and those that merge take the place of a product.
/// </remarks>
internal abstract class WordDotBody : IntegerDotBody
{
    /// <summary>The number of vectors.</summary>
    protected const int Vectors = 8;

    private const int VectorBytes = 64;

    /// <summary>The weights of two vectors, of each row: those of one are multiplied while the next is unpacked.</summary>
    protected static readonly AssemblerRegisterZMM[][] Weights = [[zmm16, zmm17], [zmm18, zmm19]];

    /// <summary>The scales of each row's lanes.</summary>
    protected static readonly AssemblerRegisterZMM[] Scales = [zmm20, zmm21];

    private static readonly AssemblerRegisterZMM Activations = zmm22;

    // A token's activations have two to four times the bytes of a row's weights.
    public override bool PairsRows => true;

    public override void WriteStep(Assembler a, DotOperands at)
    {
        Read(a, at);
        foreach (var write in Unpack(a, at, 0)) write();
        BeginDots(a, at);
        for (var vector = 0; vector < Vectors; vector++) Multiply(a, at, vector, [.. Beside(a, at, vector)]);
        for (var row = 0; row < at.Rows; row++) End(a, row, at);
    }

    /// <summary>Reads the weights of each row.</summary>
    protected abstract void Read(Assembler a, DotOperands at);

    /// <summary>The instructions that unpack a vector of each row into <see cref="Weights"/>.</summary>
    protected abstract IEnumerable<Action> Unpack(Assembler a, DotOperands at, int vector);

    /// <summary>The instructions among the products of a vector: those that unpack the next one, and others.</summary>
    protected virtual IEnumerable<Action> Beside(Assembler a, DotOperands at, int vector) => vector + 1 < Vectors ? Unpack(a, at, vector + 1) : [];

    /// <summary>Starts the sums with the correction for the offset.</summary>
    private static void BeginDots(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Results * Chains(at); i++)
        {
            if (i >= at.Results) Zero(a, Dots[i]);
            else if (i < at.Tokens) a.vmovdqu32(Dots[i], __zmmword_ptr[at.X[i] + IntegerActivations.BeginningsOffset]);
            else a.vmovdqa32(Dots[i], Dots[i % at.Tokens]);
        }
    }

    private static void Multiply(Assembler a, DotOperands at, int vector, Action[] beside)
    {
        var (weights, products, written) = (Weights[vector % 2], 0, 0);
        for (var t = 0; t < at.Tokens; t++)
        {
            var x = __zmmword_ptr[at.X[t] + (VectorBytes * vector)];
            if (at.Rows > 1) a.vmovdqu32(Activations, x);
            for (var row = 0; row < at.Rows; row++)
            {
                var dot = Dots[at.IndexOf(row, t) + (at.Results * (vector % Chains(at)))];
                if (at.Rows > 1) a.vpdpwssd(dot, weights[row], Activations);
                else a.vpdpwssd(dot, weights[row], x);
                products++;
                for (; written * at.Results < products * beside.Length; written++) beside[written]();
            }
        }
    }

    private static void End(Assembler a, int row, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++)
        {
            var i = at.IndexOf(row, t);
            for (var chain = 1; chain < Chains(at); chain++) a.vpaddd(Dots[i], Dots[i], Dots[i + (at.Results * chain)]);
            a.vcvtdq2ps(Dots[i], Dots[i]);
            a.vfmadd231ps(Totals[i], Dots[i], Scales[row]);
        }
    }

    // A product depends on the one before in its chain.
    private static int Chains(DotOperands at) => at.Results == 1 ? 2 : 1;
}
