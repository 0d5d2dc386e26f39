using System.Buffers;
using System.Collections.Immutable;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Quantization;

namespace ArchGen.Tools.Adapters;

/// <summary>Writes a model with adapters merged into its matrices; all other tensors and keys are copied.</summary>
public static class MergedModel
{
    private const int PartElements = 1 << 17;

    /// <summary>Writes the file; it appears when it is complete.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="type">The type of the matrices that are changed, or null for the type that they have.</param>
    /// <param name="threads">The number of threads that merge and write.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <param name="cancellation">Ends the writing and removes what was written.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="ArchGenException">A matrix is of a type that cannot be written, or the file cannot be.</exception>
    public static string Write(
        LoadedModel model, IReadOnlyList<LoraAdapter> adapters, string path, TensorType? type, int threads, Action<long>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapters);
        return ChunkedFile.Write([new ChunkedPart(path, Metadata(model), Tensors(model, adapters, type))], threads, progress, cancellation)[0];
    }

    /// <summary>Writes the file to a stream that cannot seek, such as standard output.</summary>
    /// <exception cref="ArchGenException">A matrix is of a type that cannot be written.</exception>
    public static void Write(
        LoadedModel model, IReadOnlyList<LoraAdapter> adapters, Stream stream, TensorType? type, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapters);
        ArgumentNullException.ThrowIfNull(stream);
        ChunkedStream.Write(stream, Metadata(model), Tensors(model, adapters, type), progress, cancellation);
    }

    /// <summary>The number of bytes of the tensors that <c>Write</c> writes.</summary>
    public static long Bytes(LoadedModel model, IReadOnlyList<LoraAdapter> adapters, TensorType? type)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapters);
        return Tensors(model, adapters, type).Sum(t => t.Type.ByteLength(t.Dimensions.Aggregate(1L, (a, b) => a * b)));
    }

    private static List<Merged> Tensors(LoadedModel model, IReadOnlyList<LoraAdapter> adapters, TensorType? type) =>
        [.. model.File.Tensors.Select(t => new Merged(t, adapters, type))];

    private static GgufMetadata Metadata(LoadedModel model)
    {
        var metadata = new GgufMetadata(model.File.Name);
        foreach (var (key, value) in model.File.Metadata)
            if (!key.StartsWith("split.", StringComparison.Ordinal)) metadata[key] = value;
        return metadata;
    }

    private sealed class Merged : IChunkedTensor
    {
        private readonly GgufTensor _tensor;
        private readonly FiniteEncoder _encoder;
        private readonly IReadOnlyList<LoraMatrices> _matrices;
        private readonly Lazy<LoraProduct[]> _products;

        public Merged(GgufTensor tensor, IReadOnlyList<LoraAdapter> adapters, TensorType? type)
        {
            _tensor = tensor;
            _encoder = new FiniteEncoder(
                $"{tensor.Name}, merged,", "The model or an adapter is damaged, or an adapter's scale too large.",
                "Choose a type with a wider range: --outtype bf16.");
            _matrices = [.. adapters.Select(a => a.TryGet(tensor.Name, out var matrices) ? matrices : null).OfType<LoraMatrices>()];
            _products = new(() => [.. _matrices.Select(m => new LoraProduct(m))]);
            Type = _matrices.Count == 0 ? tensor.Type : type ?? tensor.Type;
            var canStore = TensorFormats.Of(Type).Encoder is { NeedsImportance: false } && tensor.Dimensions[0] % Type.BlockSize == 0;
            if (_matrices.Count == 0 || canStore) return;
            throw new RequestException($"{tensor.Name} is {tensor} and cannot be written as {Type.Name} after merging. "
                + "Choose another type with --outtype, such as f16, and quantize the result.");
        }

        public string Name => _tensor.Name;

        public TensorType Type { get; }

        public ImmutableArray<long> Dimensions => _tensor.Dimensions;

        public IEnumerable<(long First, int Count)> Chunks()
        {
            // Whole rows, so that each is computed separately; without adapters whole blocks are enough.
            var step = _matrices.Count == 0 ? PartElements : Math.Max(1, PartElements / Dimensions[0]) * Dimensions[0];
            for (var first = 0L; first < _tensor.ElementCount; first += step) yield return (first, (int)Math.Min(step, _tensor.ElementCount - first));
        }

        public ReadOnlySpan<byte> Stored(long first, int count) =>
            _matrices.Count == 0 ? _tensor.Slice(Type.ByteLength(first), (int)Type.ByteLength(count)) : default;

        public unsafe void Make(long first, int count, Span<byte> destination)
        {
            var values = ArrayPool<float>.Shared.Rent(count);
            fixed (float* floats = values) TensorFormats.Of(_tensor.Type).Decoder.Decode(_tensor.Pointer + _tensor.Type.ByteLength(first), floats, count);
            foreach (var product in _products.Value) product.AddTo(first, values.AsSpan(0, count));
            _encoder.Encode(Type, values.AsSpan(0, count), destination, count, default);
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
