using System.Runtime.InteropServices;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>Memory aligned to 64 bytes.</summary>
internal sealed unsafe class NativeArray(long bytes) : IDisposable
{
    public byte* Bytes { get; } = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 64);

    public float* Floats => (float*)Bytes;

    /// <summary>So many floats between -0.5 and 0.5.</summary>
    public static NativeArray RandomFloats(long count)
    {
        var array = new NativeArray(count * sizeof(float));
        var random = new Random(1);
        for (var i = 0L; i < count; i++) array.Floats[i] = random.NextSingle() - 0.5f;
        return array;
    }

    public void Dispose() => NativeMemory.AlignedFree(Bytes);
}
