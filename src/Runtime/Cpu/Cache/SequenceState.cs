using System.Runtime.InteropServices;

namespace ArchGen.Cpu.Cache;

/// <summary>The state of a recurrent layer for each sequence; zeros at first.</summary>
internal sealed unsafe class SequenceState(int sequences, long elements) : IDisposable
{
    private readonly float* _data = (float*)NativeMemory.AllocZeroed((nuint)(sequences * elements), sizeof(float));

    public float* Of(int sequence) => _data + (sequence * elements);

    public Span<byte> Bytes(int sequence) => new(Of(sequence), checked((int)(elements * sizeof(float))));

    public void Clear(int sequence) => NativeMemory.Clear(Of(sequence), (nuint)elements * sizeof(float));

    public void Copy(int from, int to) => NativeMemory.Copy(Of(from), Of(to), (nuint)elements * sizeof(float));

    public void Dispose() => NativeMemory.Free(_data);
}
