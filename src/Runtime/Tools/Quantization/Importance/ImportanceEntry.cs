namespace ArchGen.Tools.Quantization.Importance;

/// <summary>The use of each input column of one weight tensor: sums of squares, and the number of rows of activations.</summary>
public sealed class ImportanceEntry
{
    private readonly float[] _sums;
    private readonly long[] _counts;
    private float[]? _weights;

    /// <summary>The sums of one tensor.</summary>
    /// <param name="name">The weight tensor's name in the model's file.</param>
    /// <param name="sums">Sum of x², [counts, columns], expert by expert; of no stack of experts one row, of all its matrices' columns.</param>
    /// <param name="counts">Rows of activations that were summed, one number per expert.</param>
    /// <exception cref="ArgumentException">The sums are not as many for each count, a sum is negative or not finite, or a count is negative.</exception>
    public ImportanceEntry(string name, float[] sums, long[] counts)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(counts);
        (Name, _sums, _counts) = (name, sums, counts);
        if (Flaw(sums, counts) is { } flaw) throw new ArgumentException($"{name}: {flaw}.", nameof(sums));
    }

    /// <summary>The weight tensor's name in the model's file.</summary>
    public string Name { get; }

    /// <summary>Sum of x² of each input column, [counts, columns].</summary>
    public ReadOnlySpan<float> Sums => _sums;

    /// <summary>Rows of activations that were summed, one number per expert; one alone where the tensor is no stack of experts.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Sums for each count.</summary>
    public int Columns => _sums.Length / _counts.Length;

    /// <summary>Mean of x² of each input column, [counts, columns]; 1 where an expert saw nothing.</summary>
    public ReadOnlySpan<float> Weights => _weights ??= Normalize();

    /// <summary>The error in sums and counts; null for none.</summary>
    internal static string? Flaw(ReadOnlySpan<float> sums, ReadOnlySpan<long> counts)
    {
        if (counts.IsEmpty || sums.IsEmpty || sums.Length % counts.Length != 0)
            return $"there are {sums.Length} sums for {counts.Length} counts; expected as many for each count";
        for (var i = 0; i < sums.Length; i++)
        {
            if (!float.IsFinite(sums[i]) || sums[i] < 0)
                return FormattableString.Invariant($"the sum of squares {i} is {sums[i]}; expected a finite number, 0 or more");
        }

        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0) return $"count {i} is {counts[i]}; expected 0 or more";
        }

        return null;
    }

    // Division in singles, as llama-quantize does it: the weights decide the bytes of a quantized file.
    private float[] Normalize()
    {
        var weights = new float[_sums.Length];
        for (var row = 0; row < _counts.Length; row++)
        {
            var mean = weights.AsSpan(row * Columns, Columns);
            if (_counts[row] == 0) mean.Fill(1);
            else for (var i = 0; i < mean.Length; i++) mean[i] = _sums[(row * Columns) + i] / _counts[row];
        }

        return weights;
    }
}
