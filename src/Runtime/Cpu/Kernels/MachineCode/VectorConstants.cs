using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>What stays in registers while code runs: written behind it, loaded when it begins.</summary>
internal sealed class VectorConstants
{
    private readonly List<(AssemblerRegisterZMM Register, int[] Words)> _constants = [];

    /// <summary>Forgets all, for another piece of code.</summary>
    public void Clear() => _constants.Clear();

    /// <summary>Declares the 16 double words of a register.</summary>
    public void Add(AssemblerRegisterZMM register, Func<int, int> word) => _constants.Add((register, [.. Enumerable.Range(0, 16).Select(word)]));

    /// <summary>Loads all; rax is lost.</summary>
    public void Load(Assembler a, Label constants)
    {
        a.lea(rax, __[constants]);
        for (var i = 0; i < _constants.Count; i++) a.vmovdqu32(_constants[i].Register, __zmmword_ptr[rax + (64 * i)]);
    }

    /// <summary>Writes all, at the place that <see cref="Load"/> reads.</summary>
    public void Write(Assembler a, ref Label constants)
    {
        a.Label(ref constants);
        foreach (var (_, words) in _constants)
            foreach (var word in words) a.dd(word);
    }
}
