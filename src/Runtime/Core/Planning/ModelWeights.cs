using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Loading;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Finds the weights of a graph: in the model's file, or in an adapter's. Steps have addresses in these files, which stay mapped until it is disposed.
/// </summary>
/// <param name="file">The model's file.</param>
/// <param name="adapters">The adapters that the graph has been changed for.</param>
internal sealed class ModelWeights(GgufFile file, IReadOnlyList<LoraAdapter> adapters) : IDisposable
{
    private readonly GgufFile[] _files = Hold([file, .. adapters.Select(adapter => adapter.File)]);
    private readonly Dictionary<string, GgufTensor> _ofAdapters = OfAdapters(adapters);

    /// <summary>The model's file, for messages.</summary>
    public string Name => file.Name;

    /// <summary>The model's file: contexts with the same one can share weights.</summary>
    public GgufFile File => file;

    /// <summary>Refuses to go on when the file or an adapter was closed.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void RequireOpen()
    {
        foreach (var used in _files) used.RequireOpen();
    }

    /// <summary>Lets the files be unmapped when they are closed.</summary>
    public void Dispose()
    {
        foreach (var used in _files) used.Release();
    }

    /// <summary>Bytes of all tensors of the file.</summary>
    public long TotalBytes { get; } = file.Tensors.Sum(tensor => tensor.ByteLength);

    /// <summary>The tensor of a weight leaf.</summary>
    /// <exception cref="ArchGenException">The file does not have it, or it has another size.</exception>
    public GgufTensor Find(Node weight)
    {
        if (!file.TryGetTensor(weight.Name, out var tensor) && !_ofAdapters.TryGetValue(weight.Name, out tensor))
            throw new ModelFileException($"{file.Name}: tensor \"{weight.Name}\" is missing; expected shape {weight.Shape}. Convert the model again.");
        long count = 1;
        foreach (var dim in weight.Shape) count *= dim.IsConstant(out var size) ? size : -1;
        return count == tensor.ElementCount ? tensor : throw new ModelFileException(
            $"{file.Name}: tensor {tensor} has {tensor.ElementCount} elements; expected shape {weight.Shape}. Convert the model again.");
    }

    /// <summary>The type of a matrix: the tensor's, or f32 where it is computed from weights.</summary>
    public TensorType TypeOf(Node weight) => weight.IsLeaf ? Find(weight).Type : TensorType.F32;

    /// <summary>The elements of a weight as floats.</summary>
    public float[] Read(Node weight) => GgufModelSource.Read(Find(weight));

    private static GgufFile[] Hold(GgufFile[] files)
    {
        // All are open, or none is held.
        foreach (var file in files) file.RequireOpen();
        foreach (var file in files) file.Hold();
        return files;
    }

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
