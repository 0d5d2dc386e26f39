using System.Numerics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>The registers of a row's unpacked block.</summary>
/// <param name="Weights">Its numbers as unsigned bytes, weight + offset over the scale, in the order of the activations.</param>
/// <param name="Scales">The scales of the lanes, as floats.</param>
/// <param name="Minima">The minima that are added to the lanes' weights or subtracted from them, as floats, if the type has minima.</param>
internal sealed record BlockRegisters(AssemblerRegisterZMM[] Weights, AssemblerRegisterZMM Scales, AssemblerRegisterZMM Minima);

/// <summary>Emits the instructions that unpack 256 weights of a type to unsigned bytes and scales.</summary>
/// <remarks>
/// <see cref="Blocks"/> are the format's, zmm8 to zmm12 while it unpacks, k1 to k7, and where <see cref="PairsRows"/> does not hold, r12, r14 and r15.
/// </remarks>
internal abstract class IntegerFormat
{
    /// <summary>The registers of two rows' blocks.</summary>
    public static readonly BlockRegisters[] Blocks = [new([zmm16, zmm17, zmm18, zmm19], zmm20, zmm21), new([zmm22, zmm23, zmm24, zmm25], zmm26, zmm27)];

    /// <summary>The truth table of (a | (b &amp; c)).</summary>
    protected const byte OrAnd = 0xF8;

    // The registers that the body, Blocks and unpacking leave free: always, with up to four results, with up to two, with one row.
    private static readonly AssemblerRegisterZMM[] Free = [zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterZMM[] FreeOfFour = [zmm4, zmm5, zmm6, zmm7, zmm13, zmm14, zmm15];
    private static readonly AssemblerRegisterZMM[] FreeOfTwo = [zmm2, zmm3];
    private static readonly AssemblerRegisterZMM[] FreeOfOneRow = [zmm22, zmm23, zmm24, zmm25, zmm26, zmm28];

    private readonly VectorConstants _constants = new();
    private readonly Stack<AssemblerRegisterZMM> _free = new();
    private AssemblerRegister64 _address;

    public abstract TensorType Type { get; }

    /// <summary>The order of the weights: groups of 32 have two lanes, groups of 16 one; the file's order if the block has one scale.</summary>
    public abstract IntegerOrder Order { get; }

    /// <summary>The difference of the bytes and the weights over the scale; 0 for types that may have minima.</summary>
    public virtual int Offset => 0;

    /// <summary>The largest weight over its scale, m; the smallest is at least -m - 1.</summary>
    public abstract int MaxNumber { get; }

    /// <summary>The number of bits by which the weights over their scales, as signed bytes, can be shifted to the left.</summary>
    public int Headroom => BitOperations.LeadingZeroCount((uint)MaxNumber) - BitOperations.LeadingZeroCount((uint)sbyte.MaxValue);

    /// <summary>Whether there are minima.</summary>
    public virtual bool HasMinima => false;

    /// <summary>Whether these are subtracted from the weights, not added.</summary>
    public virtual bool AreMinimaSubtracted => false;

    /// <summary>The layout of the activations.</summary>
    public IntegerLayout Layout => new(Order, Offset);

    /// <summary>As <see cref="DotBody.PairsRows"/>.</summary>
    public virtual bool PairsRows => true;

    /// <summary>Bytes of 256 weights.</summary>
    public int Bytes => (int)Type.ByteLength(IntegerActivations.BlockSize);

    /// <summary>Loads the constants, and their address.</summary>
    public void Begin(Assembler a, DotOperands at)
    {
        _constants.Clear();
        _free.Clear();
        Allow(Free);
        if (at.Results <= 4) Allow(FreeOfFour);
        if (at.Results <= 2) Allow(FreeOfTwo);
        if (at.Rows == 1) Allow(FreeOfOneRow);
        _address = at.Constants;
        DeclareConstants(a);
        _constants.Load(a, at.Constants);

        void Allow(AssemblerRegisterZMM[] registers)
        {
            foreach (var register in registers.Except(Reserved(at))) _free.Push(register);
        }
    }

    /// <summary>Unpacks the next block of each row into <see cref="Blocks"/>.</summary>
    public abstract void Read(Assembler a, DotOperands at);

    /// <summary>Initializes registers that are kept from block to block.</summary>
    public virtual void BeginRows(Assembler a, DotOperands at)
    {
    }

    /// <summary>Adds what the minima contribute to the sums of the blocks just read; before the dot products begin.</summary>
    public virtual void AddMinima(Assembler a, DotOperands at, AssemblerRegisterZMM[] totals)
    {
    }

    /// <summary>Adds the corrections to the sums.</summary>
    public virtual void EndRows(Assembler a, DotOperands at, AssemblerRegisterZMM[] totals)
    {
    }

    /// <summary>Shifts the numbers of one row's block just read to the lowest bits of their bytes, if necessary.</summary>
    public virtual void Align(Assembler a, DotOperands at)
    {
    }

    /// <summary>Moves the minima of one row's block just read into their lanes, if necessary.</summary>
    public virtual void PlaceMinima(Assembler a, DotOperands at)
    {
    }

    /// <summary>Declares constants, those read most first; may use eax.</summary>
    protected abstract void DeclareConstants(Assembler a);

    /// <summary>Registers that constants must not use.</summary>
    protected virtual AssemblerRegisterZMM[] Reserved(DotOperands at) => [];

    /// <summary>Declares a constant of 16 double words: in a register while some are free.</summary>
    protected Constant Declare(Func<int, int> word)
    {
        if (!_free.TryPop(out var register)) return new(null, InMemory(word));
        _constants.Add(register, word);
        return new(register, 0);
    }

    /// <summary>Declares a constant in memory and returns its offset from the first.</summary>
    protected int InMemory(Func<int, int> word) => _constants.AddInMemory(word);

    /// <summary>The register of a constant: its own, or the one it is loaded into.</summary>
    protected AssemblerRegisterZMM In(Assembler a, Constant constant, AssemblerRegisterZMM temporary)
    {
        if (constant.Register is { } register) return register;
        Copy(a, temporary, constant);
        return temporary;
    }

    /// <summary>Copies a constant.</summary>
    protected void Copy(Assembler a, AssemblerRegisterZMM destination, Constant constant)
    {
        if (constant.Register is { } register) a.vmovdqa32(destination, register);
        else a.vmovdqu32(destination, __zmmword_ptr[_address + constant.Offset]);
    }

    /// <summary>
    /// Rearranges vectors of 64 weights each, in the file's order, to parts in the order <see cref="IntegerOrder.BytesOf16"/>: transposes the double words of
    /// the four in each 128 bits. zmm8 to zmm11 are lost.
    /// </summary>
    protected static void Transpose(Assembler a, AssemblerRegisterZMM[] rows)
    {
        a.vpunpckldq(zmm8, rows[0], rows[1]);
        a.vpunpckhdq(zmm9, rows[0], rows[1]);
        a.vpunpckldq(zmm10, rows[2], rows[3]);
        a.vpunpckhdq(zmm11, rows[2], rows[3]);
        a.vpunpcklqdq(rows[0], zmm8, zmm10);
        a.vpunpckhqdq(rows[1], zmm8, zmm10);
        a.vpunpcklqdq(rows[2], zmm9, zmm11);
        a.vpunpckhqdq(rows[3], zmm9, zmm11);
    }

    /// <summary>A half-precision number in all lanes.</summary>
    protected static void Broadcast(Assembler a, AssemblerRegisterZMM numbers, AssemblerMemoryOperand half)
    {
        var lower = new AssemblerRegisterYMM(Register.YMM0 + (numbers.Value - Register.ZMM0));
        a.vpbroadcastw(lower, half);
        a.vcvtph2ps(numbers, lower);
    }

    /// <summary>Numbers times a half-precision one; <paramref name="temporary"/> is lost.</summary>
    protected static void ScaleBy(Assembler a, AssemblerRegisterZMM numbers, AssemblerMemoryOperand half, AssemblerRegisterZMM temporary)
    {
        Broadcast(a, temporary, half);
        a.vmulps(numbers, numbers, temporary);
    }

    /// <summary>Sets a mask; eax is lost.</summary>
    protected static void Set(Assembler a, AssemblerRegisterK mask, int bits)
    {
        a.mov(eax, bits);
        a.kmovd(mask, eax);
    }

    /// <summary>The permutation of 16 bytes, of a group of 16 weights each, for the order <see cref="IntegerOrder.BytesOf16"/>.</summary>
    internal static int LanesOf16(int word) => VectorConstants.OfBytes(i => IntegerActivations.LaneOf16(i % 16))(word);

    /// <summary>The same byte four times.</summary>
    protected static int Bytes4(int value) => value * 0x01010101;

    /// <summary>The same 16-bit number twice.</summary>
    protected static int Words2(int value) => value * 0x00010001;

    /// <summary>The bits of a number.</summary>
    protected static int Float(float value) => BitConverter.SingleToInt32Bits(value);

    /// <summary>The location of a constant.</summary>
    /// <param name="Register">Its register; null if it is in memory.</param>
    /// <param name="Offset">Its offset in memory from the first constant.</param>
    protected readonly record struct Constant(AssemblerRegisterZMM? Register, int Offset);
}
