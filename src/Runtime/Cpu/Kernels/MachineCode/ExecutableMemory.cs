using System.Runtime.InteropServices;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Memory that instructions run from. It is written, then made readable and executable: never writable and executable at the same time. It lives as long as
/// the process.
/// </summary>
internal static unsafe partial class ExecutableMemory
{
    // mman.h of Linux.
    private const int Read = 1, Write = 2, Execute = 4;
    private const int Private = 2, Anonymous = 0x20;
    private const nint Failed = -1;
    private const byte Return = 0xC3;

    private static readonly Lazy<bool> Allowed = new(static () => Map([Return]) != 0);

    /// <summary>Whether instructions assembled for System V's calling convention (x86-64 psABI, section 3.2.3) can run here.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Whether the system permits a process to execute memory that it has written.</summary>
    public static bool IsAllowed => Allowed.Value;

    /// <summary>Maps <paramref name="code"/> executable and returns its address; 0 if the system forbids that.</summary>
    public static nint Map(ReadOnlySpan<byte> code)
    {
        if (!IsSupported) return 0;
        var length = (nuint)code.Length;
        var memory = MemoryMap(0, length, Read | Write, Private | Anonymous, -1, 0);
        if (memory is Failed or 0) return 0;
        code.CopyTo(new Span<byte>((void*)memory, code.Length));
        if (Protect(memory, length, Read | Execute) == 0) return memory;
        _ = Unmap(memory, length);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
