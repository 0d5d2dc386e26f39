using System.Buffers;
using System.Collections.Immutable;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tools.Quantization;

/// <summary>A tensor of a quantized file: rows are read, and encoded while they are in the first-level cache.</summary>
internal sealed class QuantizedChunks : IChunkedTensor
{
    // Elements of a chunk: large enough that a write costs little, small enough that all threads have work to the end.
    private const long ChunkElements = 1 << 16;

    // Elements that are read before they are encoded.
    private const long StepElements = 1 << 12;

    private readonly QuantizedTensor _tensor;
    private readonly TensorReader _source;
    private readonly TensorDecoder? _decoder;
    private readonly FiniteEncoder _encoder;
    private readonly int _columns;

    public QuantizedChunks(QuantizedTensor tensor, TensorReader source)
    {
        (_tensor, _source) = (tensor, source);
        _encoder = new FiniteEncoder($"{tensor.Source.FileName}: {tensor.Name}", "The model is damaged: download or convert it again.",
            $"Keep it in bf16: --tensor-type {tensor.Name}=bf16.");
        _columns = checked((int)tensor.Source.Dimensions[0]);
        _decoder = tensor.IsCopied ? null : TensorFormats.Of(tensor.Source.Type).Decoder;
    }

    public string Name => _tensor.Name;

    public TensorType Type => _tensor.Type;

    public ImmutableArray<long> Dimensions => _tensor.Source.Dimensions;

    /// <summary>Whole rows of one matrix each, since importance weights differ between matrices.</summary>
    public IEnumerable<(long First, int Count)> Chunks()
    {
        var matrix = Dimensions.Take(2).Aggregate(1L, (product, size) => product * size);
        var chunk = Math.Max(1, ChunkElements / _columns) * _columns;
        for (var start = 0L; start < _tensor.Source.ElementCount; start += matrix)
        {
            for (var first = 0L; first < matrix; first += chunk) yield return (start + first, checked((int)Math.Min(chunk, matrix - first)));
        }
    }

    public ReadOnlySpan<byte> Stored(long first, int count) => default;

    public void Make(long first, int count, Span<byte> destination)
    {
        if (_tensor.IsCopied)
        {
            _source.Read(_tensor.Source, Type.ByteLength(first), destination);
            return;
        }

        var length = (int)_tensor.Source.Type.ByteLength(count);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var values = ArrayPool<float>.Shared.Rent(Step(count));
        try
        {
            _source.Read(_tensor.Source, _tensor.Source.Type.ByteLength(first), bytes.AsSpan(0, length));
            Encode(bytes, values, count, destination, ImportanceAt(first));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private int Step(int count) => (int)Math.Min(count, Math.Max(1, StepElements / _columns) * _columns);

    private unsafe void Encode(ReadOnlySpan<byte> source, float[] buffer, int count, Span<byte> destination, ReadOnlySpan<float> weights)
    {
        fixed (byte* bytes = source)
        fixed (float* values = buffer)
        {
            for (int done = 0, step = Step(count); done < count; done += step)
            {
                var part = buffer.AsSpan(0, Math.Min(step, count - done));
                _decoder!.Decode(bytes + _tensor.Source.Type.ByteLength(done), values, part.Length);
                _encoder.Encode(Type, part, destination.Slice((int)Type.ByteLength(done), (int)Type.ByteLength(part.Length)), _columns, weights);
            }
        }
    }

    private ReadOnlySpan<float> ImportanceAt(long first)
    {
        if (_tensor.Importance.IsEmpty) return default;
        var matrix = first / (_columns * Dimensions[1]);
        return _tensor.Importance.AsSpan().Slice(checked((int)(matrix * _columns)), _columns);
    }
}
