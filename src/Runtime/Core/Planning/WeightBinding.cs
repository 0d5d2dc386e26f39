using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Steps;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;

namespace ArchGen.Runtime.Planning;

/// <summary>Finds the weights of a graph in the file: matrices as they lie there, vectors as floats.</summary>
internal sealed unsafe class WeightBinding(GgufFile file, CpuTier tier, IReadOnlyList<LoraAdapter> adapters)
{
    private readonly Dictionary<string, GgufTensor> _ofAdapters = OfAdapters(adapters);

    private readonly Dictionary<TensorType, MatMulKernel> _kernels = [];

    /// <summary>The instruction set of the kernels.</summary>
    public CpuTier Tier => tier;

    /// <summary>The tensor of a weight leaf.</summary>
    /// <exception cref="ArchGenException">The file does not have it, or it has another size.</exception>
    public GgufTensor Find(Node weight)
    {
        if (!file.TryGetTensor(weight.Name, out var tensor) && !_ofAdapters.TryGetValue(weight.Name, out tensor))
            throw new ArchGenException($"{file.Name}: tensor \"{weight.Name}\" is missing; expected shape {weight.Shape}. Convert the model again.");
        long count = 1;
        foreach (var dim in weight.Shape) count *= dim.IsConstant(out var size) ? size : -1;
        return count == tensor.ElementCount ? tensor : throw new ArchGenException(
            $"{file.Name}: tensor {tensor} has {tensor.ElementCount} elements; expected shape {weight.Shape}. Convert the model again.");
    }

    /// <summary>The matrix product for a type.</summary>
    public MatMulKernel Kernel(TensorType type) => _kernels.TryGetValue(type, out var kernel) ? kernel : _kernels[type] = MatMulKernel.For(type, tier);

    /// <summary>Warms up the kernels on another thread.</summary>
    public void WarmUp() => ThreadPool.UnsafeQueueUserWorkItem(
        static kernels =>
        {
            // What fails here fails again, and is told, in the first product.
            try
            {
                foreach (var kernel in kernels) kernel.WarmUp();
            }
            catch (ArchGenException)
            {
            }
        },
        _kernels.Values.ToArray(), preferLocal: false);

    /// <summary>A weight as floats: the file's own memory where it holds floats, a copy in <paramref name="memory"/> where it does not.</summary>
    public nint Floats(GgufTensor tensor, NativeBlocks memory)
    {
        if (tensor.Type == TensorType.F32) return (nint)tensor.Pointer;
        var copy = memory.Allocate(tensor.ElementCount * sizeof(float));
        TensorFormats.Of(tensor.Type).DecoderWith(CpuTiers.VectorsOf(tier)).Decode(tensor.Pointer, (float*)copy, tensor.ElementCount);
        return copy;
    }

    /// <summary>A weight [.., rows, width] as a matrix product reads it.</summary>
    public MatrixOperand Matrix(GgufTensor tensor, int rows, int width, nint bias, nint scale) =>
        new(Kernel(tensor.Type), (nint)tensor.Pointer, tensor.Type.ByteLength(width), rows, bias, scale);

    private static Dictionary<string, GgufTensor> OfAdapters(IReadOnlyList<LoraAdapter> adapters)
    {
        var tensors = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        for (var i = 0; i < adapters.Count; i++)
        {
            foreach (var name in adapters[i].TensorNames)
            {
                if (!adapters[i].TryGet(name, out var matrices)) continue;
                tensors[AdaptedGraph.NameOf(i, name, LoraAdapter.SuffixA)] = matrices.A;
                tensors[AdaptedGraph.NameOf(i, name, LoraAdapter.SuffixB)] = matrices.B;
            }
        }

        return tensors;
    }
}

/// <summary>Blocks of native memory, aligned to 64 bytes, that live as long as this.</summary>
internal sealed unsafe class NativeBlocks : IDisposable
{
    private readonly List<nint> _blocks = [];

    public nint Allocate(long bytes)
    {
        var block = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), ArenaPlanner.Alignment);
        _blocks.Add(block);
        return block;
    }

    public void Dispose()
    {
        foreach (var block in _blocks) NativeMemory.AlignedFree((void*)block);
        _blocks.Clear();
    }
}
