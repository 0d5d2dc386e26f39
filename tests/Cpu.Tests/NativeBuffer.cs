using System.Runtime.InteropServices;

namespace ArchGen.Cpu.Tests;

/// <summary>Native memory with a guard behind it that shows writes past the end.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    private const int GuardBytes = 256;
    private const byte Guard = 0xA5;
    private readonly byte* _memory;
    private readonly long _bytes;

    public NativeBuffer(long length)
    {
        _bytes = length * sizeof(T);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(_bytes + GuardBytes), 64);
        new Span<byte>(_memory, (int)_bytes).Clear();
        new Span<byte>(_memory + _bytes, GuardBytes).Fill(Guard);
    }

    public NativeBuffer(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Span);

    public T* Pointer => (T*)_memory;

    public Span<T> Span => new(_memory, (int)(_bytes / sizeof(T)));

    public void Dispose()
    {
        var intact = !new Span<byte>(_memory + _bytes, GuardBytes).ContainsAnyExcept(Guard);
        NativeMemory.AlignedFree(_memory);
        Assert.True(intact, "A kernel wrote past the end of a buffer.");
    }
}
