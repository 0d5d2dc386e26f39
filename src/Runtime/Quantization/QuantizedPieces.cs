using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu;
using ArchGen.Gguf;

namespace ArchGen.Quantization;

/// <summary>A tensor of a quantized file: rows are read, and encoded while they are in the first-level cache.</summary>
internal sealed class QuantizedPieces : IPiecewiseTensor
{
    // Elements of a piece: large enough that a write costs little, small enough that all threads have work to the end.
    private const long PieceElements = 1 << 16;

    // Elements that are read before they are encoded.
    private const long StepElements = 1 << 12;

    private const float LargestHalf = 65504;

    private readonly QuantizedTensor _tensor;
    private readonly TensorReader _source;
    private readonly MatMulKernel? _reader;
    private readonly int _columns;

    public QuantizedPieces(QuantizedTensor tensor, TensorReader source)
    {
        (_tensor, _source) = (tensor, source);
        _columns = checked((int)tensor.Source.Dimensions[0]);
        _reader = tensor.IsCopied ? null : MatMulKernel.For(tensor.Source.Type);
    }

    public string Name => _tensor.Name;

    public TensorType Type => _tensor.Type;

    public ImmutableArray<long> Dimensions => _tensor.Source.Dimensions;

    /// <summary>Whole rows of one matrix each: rows of another have other weights.</summary>
    public IEnumerable<(long First, int Count)> Pieces()
    {
        var matrix = Dimensions.Take(2).Aggregate(1L, (product, size) => product * size);
        var piece = Math.Max(1, PieceElements / _columns) * _columns;
        for (var start = 0L; start < _tensor.Source.ElementCount; start += matrix)
        {
            for (var first = 0L; first < matrix; first += piece) yield return (start + first, checked((int)Math.Min(piece, matrix - first)));
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
                _reader!.Dequantize(bytes + _tensor.Source.Type.ByteLength(done), values, part.Length);
                var largest = LargestMagnitude(part);
                if (!float.IsFinite(largest)) throw new ArchGenException(
                    $"{_tensor.Source.FileName}: {Name} holds a number that is not finite, so the model is damaged. Download or convert it again.");
                var target = destination.Slice((int)Type.ByteLength(done), (int)Type.ByteLength(part.Length));
                TensorEncoder.Encode(Type, part, target, _columns, weights);
                if (largest > LargestHalf) CheckEncoded(target, part, largest);
            }
        }
    }

    private ReadOnlySpan<float> ImportanceAt(long first)
    {
        if (_tensor.Importance.IsEmpty) return default;
        var matrix = first / (_columns * Dimensions[1]);
        return _tensor.Importance.AsSpan().Slice(checked((int)(matrix * _columns)), _columns);
    }

    /// <summary>Reads back what was made of large numbers: the scales of most types are halves.</summary>
    private unsafe void CheckEncoded(ReadOnlySpan<byte> bytes, Span<float> values, float largest)
    {
        if (!MatMulKernel.IsSupported(Type)) return;
        fixed (byte* source = bytes)
        fixed (float* destination = values)
        {
            MatMulKernel.For(Type).Dequantize(source, destination, values.Length);
        }

        if (!float.IsFinite(LargestMagnitude(values))) throw new ArchGenException(FormattableString.Invariant(
            $"{_tensor.Source.FileName}: {Name} holds {largest}, which is too large for {Type.Name}. Keep it in bf16: --tensor-type {Name}=bf16."));
    }

    /// <summary>The largest magnitude, or what is not finite. By its bits a NaN is larger than an infinity, and that than every number.</summary>
    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        var largest = Vector256<int>.Zero;
        var magnitude = Vector256.Create(int.MaxValue);
        var i = 0;
        for (; i <= bits.Length - Vector256<int>.Count; i += Vector256<int>.Count)
            largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(bits), (nuint)i) & magnitude);
        var result = 0;
        for (var lane = 0; lane < Vector256<int>.Count; lane++) result = Math.Max(result, largest[lane]);
        for (; i < bits.Length; i++) result = Math.Max(result, bits[i] & int.MaxValue);
        return BitConverter.Int32BitsToSingle(result);
    }
}
