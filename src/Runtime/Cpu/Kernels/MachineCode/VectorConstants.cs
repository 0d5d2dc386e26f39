using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Vectors that code reads: written behind it, and those that stay in registers loaded when it begins.</summary>
internal sealed class VectorConstants
{
    private const int Size = 64;

    private readonly List<(AssemblerRegisterZMM? Register, int[] Words)> _constants = [];

    /// <summary>Forgets all, for another piece of code.</summary>
    public void Clear() => _constants.Clear();

    /// <summary>Declares the 16 double words of a register.</summary>
    public void Add(AssemblerRegisterZMM register, Func<int, int> word) => Declare(register, word);

    /// <summary>Declares 16 double words that stay in memory, and returns their offset from the first constant.</summary>
    public int AddInMemory(Func<int, int> word) => Declare(null, word);

    /// <summary>Loads the address of the first constant, and those that stay in registers.</summary>
    public void Load(Assembler a, Label constants, AssemblerRegister64 address)
    {
        a.lea(address, __[constants]);
        for (var i = 0; i < _constants.Count; i++)
            if (_constants[i].Register is { } register) a.vmovdqu32(register, __zmmword_ptr[address + (Size * i)]);
    }

    /// <summary>Writes all, at the place that <see cref="Load"/> reads.</summary>
    public void Write(Assembler a, ref Label constants)
    {
        a.Label(ref constants);
        foreach (var (_, words) in _constants)
            foreach (var word in words) a.dd(word);
    }

    private int Declare(AssemblerRegisterZMM? register, Func<int, int> word)
    {
        _constants.Add((register, [.. Enumerable.Range(0, Size / sizeof(int)).Select(word)]));
        return Size * (_constants.Count - 1);
    }
}
