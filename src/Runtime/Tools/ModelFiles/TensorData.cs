using System.Buffers;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>The elements of two tensors of one name, compared.</summary>
internal static class TensorData
{
    // A multiple of all block sizes, decoded within the second-level cache.
    private const int ChunkElements = 1 << 16;

    /// <summary>Type and sizes: <c>q8_0 [64, 512]</c>.</summary>
    public static string Text(GgufTensor tensor) => $"{tensor.Type.Name} [{string.Join(", ", tensor.Dimensions)}]";

    /// <summary>What differs; null if nothing does.</summary>
    public static TensorDifference? Difference(GgufTensor first, GgufTensor second, Action<long> progress, CancellationToken cancellation)
    {
        if (!first.Dimensions.SequenceEqual(second.Dimensions))
        {
            progress(first.ByteLength);
            return new TensorDifference(first.Name, DifferenceKind.Shape, Text(first), Text(second));
        }

        var sums = new Sums();
        var isSame = first.Type == second.Type;
        var canDecode = TensorFormats.Of(first.Type).IsDecodable && TensorFormats.Of(second.Type).IsDecodable;
        for (var start = 0L; start < first.ElementCount; start += ChunkElements)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(ChunkElements, first.ElementCount - start);
            var isSameChunk = first.Type == second.Type && Bytes(first, start, count).SequenceEqual(Bytes(second, start, count));
            isSame &= isSameChunk;
            if (canDecode) sums.Add(first, isSameChunk ? null : second, start, count);
            progress(first.Type.ByteLength(count));
        }

        if (isSame) return null;
        var kind = first.Type == second.Type ? DifferenceKind.Value : DifferenceKind.Type;
        return new TensorDifference(
            first.Name, kind, Text(first), Text(second), canDecode ? sums.Nmse : null, canDecode ? sums.Largest : null);
    }

    private static ReadOnlySpan<byte> Bytes(GgufTensor tensor, long start, int count) =>
        tensor.Slice(tensor.Type.ByteLength(start), (int)tensor.Type.ByteLength(count));

    private sealed class Sums
    {
        private double _difference, _magnitude;

        public double Largest { get; private set; }

        public double Nmse => _difference == 0 ? 0 : _difference / _magnitude;

        /// <summary>Adds elements; those of a null second tensor are the same as the first's.</summary>
        public void Add(GgufTensor first, GgufTensor? second, long start, int count)
        {
            float[] expected = ArrayPool<float>.Shared.Rent(count), actual = second is null ? [] : ArrayPool<float>.Shared.Rent(count);
            TensorFormats.Of(first.Type).Decoder.Decode(Bytes(first, start, count), expected.AsSpan(0, count));
            if (second is not null) TensorFormats.Of(second.Type).Decoder.Decode(Bytes(second, start, count), actual.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                _magnitude += (double)expected[i] * expected[i];
                if (second is not null && !expected[i].Equals(actual[i])) AddDifference((double)expected[i] - actual[i]);
            }

            ArrayPool<float>.Shared.Return(expected);
            if (second is not null) ArrayPool<float>.Shared.Return(actual);
        }

        // Math.Max keeps a NaN.
        private void AddDifference(double difference)
        {
            _difference += difference * difference;
            Largest = Math.Max(Largest, Math.Abs(difference));
        }
    }
}
