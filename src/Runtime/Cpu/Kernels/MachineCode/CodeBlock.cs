using Iced.Intel;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>Functions assembled into one block of executable memory.</summary>
internal sealed class CodeBlock
{
    private const int Alignment = 64;
    private const byte Breakpoint = 0xCC;

    private readonly List<byte> _code = [];

    /// <summary>Assembles a function and returns its offset.</summary>
    /// <param name="write">Writes its instructions.</param>
    /// <param name="isVex">Whether instructions with both encodings get that of AVX2; otherwise that of AVX-512, which can address all 32 registers.</param>
    public int Add(Action<Assembler> write, bool isVex = false)
    {
        while (_code.Count % Alignment != 0) _code.Add(Breakpoint);
        var offset = _code.Count;
        var assembler = new Assembler(bitness: 64) { PreferVex = isVex };
        write(assembler);
        assembler.Assemble(new ByteWriter(_code), rip: 0);
        return offset;
    }

    /// <summary>Maps the functions.</summary>
    /// <exception cref="ArchGenException">The system is out of memory, or forbids what it allowed before.</exception>
    public nint Map() => ExecutableMemory.Map([.. _code]) is not 0 and var code
        ? code
        : throw new DeviceException("The system gives no executable memory for assembled code. Choose another instruction set, such as --tier avx512.");

    private sealed class ByteWriter(List<byte> bytes) : CodeWriter
    {
        public override void WriteByte(byte value) => bytes.Add(value);
    }
}
