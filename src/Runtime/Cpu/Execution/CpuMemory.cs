using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Steps;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <summary>The memory of a plan's buffers, aligned to 64 bytes: one arena, and blocks for memory that persists between runs.</summary>
internal sealed unsafe class CpuMemory : IDisposable
{
    private readonly CpuSession _session;
    private readonly List<nint> _blocks = [];
    private readonly Dictionary<PlanBuffer, nint> _persistent = new(ReferenceEqualityComparer.Instance);
    private readonly nint _arena;

    /// <summary>Allocates the memory of all buffers of a backend.</summary>
    public CpuMemory(CpuSession session, Plan plan, int backend)
    {
        _session = session;
        try
        {
            _arena = Allocate(plan.ArenaBytes[backend]);
            foreach (var buffer in plan.Buffers.Where(b => b.Backend == backend && b.IsPersistent))
                _persistent[buffer] = buffer.Weight is { } weight ? Floats(session.Weights.Find(weight)) : Allocate(buffer.Bytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Allocates a block that is freed with this object.</summary>
    public nint Allocate(long bytes)
    {
        var block = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), ArenaPlanner.Alignment);
        _blocks.Add(block);
        return block;
    }

    /// <summary>The address of a buffer.</summary>
    public nint Address(PlanBuffer buffer) => buffer.IsPersistent ? _persistent[buffer]
        : buffer.Offset >= 0 ? _arena + (nint)buffer.Offset
        : throw new InvalidOperationException("A buffer that no step uses has no place.");

    /// <summary>A value in memory.</summary>
    public TensorView View(PlanValue value) =>
        new((float*)Address(value.Buffer) + value.Offset, value.Heads, value.Width, value.RowStride, value.HeadStride);

    /// <summary>The first element of a value; null if there is none.</summary>
    public nint Data(PlanValue? value) => value is null ? 0 : (nint)View(value).Data;

    public void Dispose()
    {
        foreach (var block in _blocks) NativeMemory.AlignedFree((void*)block);
        _blocks.Clear();
    }

    // The mapped memory of the file if it holds floats, otherwise a copy.
    private nint Floats(GgufTensor tensor)
    {
        if (tensor.Type == TensorType.F32) return (nint)tensor.Pointer;
        var copy = Allocate(tensor.ElementCount * sizeof(float));
        TensorFormats.Of(tensor.Type).DecoderWith(_session.Target.Vectors).Decode(tensor.Pointer, (float*)copy, tensor.ElementCount);
        return copy;
    }
}
