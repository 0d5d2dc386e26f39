using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>The constant vectors of a function; those in registers are loaded when it begins.</summary>
internal sealed class VectorConstants
{
    private const int Size = 64;

    private readonly List<(AssemblerRegisterZMM? Register, int[] Words)> _constants = [];

    /// <summary>Removes all, for another function.</summary>
    public void Clear() => _constants.Clear();

    /// <summary>Declares the 16 double words of a register.</summary>
    public void Add(AssemblerRegisterZMM register, Func<int, int> word) => Declare(register, word);

    /// <summary>Declares the 32 words of a register.</summary>
    public void AddWords(AssemblerRegisterZMM register, Func<int, int> word) => Declare(register, OfWords(word));

    /// <summary>Double words of two words each.</summary>
    public static Func<int, int> OfWords(Func<int, int> word) => lane => word(2 * lane) | word((2 * lane) + 1) << 16;

    /// <summary>Double words of four bytes each.</summary>
    public static Func<int, int> OfBytes(Func<int, int> of) =>
        lane => of(4 * lane) | of((4 * lane) + 1) << 8 | of((4 * lane) + 2) << 16 | of((4 * lane) + 3) << 24;

    /// <summary>Declares 16 double words that stay in memory, and returns their offset from the first constant.</summary>
    public int AddInMemory(Func<int, int> word) => Declare(null, word);

    /// <summary>Loads the address of the first constant, and those that stay in registers. They are never freed, like the code.</summary>
    public unsafe void Load(Assembler a, AssemblerRegister64 address)
    {
        // Not after the code, where vectors would cross cache lines.
        var memory = (int*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, _constants.Count) * Size, Size);
        a.mov(address, (ulong)memory);
        for (var i = 0; i < _constants.Count; i++)
        {
            _constants[i].Words.CopyTo(new Span<int>(memory + (i * Size / sizeof(int)), Size / sizeof(int)));
            if (_constants[i].Register is { } register) a.vmovdqa32(register, __zmmword_ptr[address + (Size * i)]);
        }
    }

    private int Declare(AssemblerRegisterZMM? register, Func<int, int> word)
    {
        _constants.Add((register, [.. Enumerable.Range(0, Size / sizeof(int)).Select(word)]));
        return Size * (_constants.Count - 1);
    }
}
