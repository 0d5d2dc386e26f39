using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>What differs in a key or a tensor of two models.</summary>
public enum DifferenceKind
{
    /// <summary>Only the first model has it.</summary>
    OnlyFirst,

    /// <summary>Only the second model has it.</summary>
    OnlySecond,

    /// <summary>The tensors have other sizes.</summary>
    Shape,

    /// <summary>The types differ.</summary>
    Type,

    /// <summary>The values differ, at the same type and shape.</summary>
    Value,
}

/// <summary>A key that differs.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">What differs.</param>
/// <param name="First">Type and value in the first model; null if it has none.</param>
/// <param name="Second">Type and value in the second model; null if it has none.</param>
public sealed record KeyDifference(string Key, DifferenceKind Kind, string? First, string? Second);

/// <summary>A tensor that differs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What differs.</param>
/// <param name="First">Type and sizes in the first model, fastest first; null if it has none.</param>
/// <param name="Second">Type and sizes in the second model, fastest first; null if it has none.</param>
/// <param name="Nmse">
/// The sum of squared differences over the sum of squares of the first; infinite if the first is zero, NaN if a number is. Null where sizes differ or the
/// elements are no numbers.
/// </param>
/// <param name="Largest">The largest absolute difference of two elements; null like <paramref name="Nmse"/>.</param>
public sealed record TensorDifference(string Name, DifferenceKind Kind, string? First, string? Second, double? Nmse = null, double? Largest = null);

/// <summary>
/// What differs between two models: keys and tensors, whatever their order and however many files they are in. The keys <c>split.*</c> are not compared.
/// </summary>
/// <param name="Keys">The keys that differ, in the order of the first model; those of the second alone at the end.</param>
/// <param name="Tensors">The tensors that differ, in the same order.</param>
/// <param name="SameTensors">The number of tensors that are equal in name, sizes, type and every byte.</param>
public sealed record ModelDifference(IReadOnlyList<KeyDifference> Keys, IReadOnlyList<TensorDifference> Tensors, int SameTensors)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsSame => Keys.Count == 0 && Tensors.Count == 0;

    /// <summary>Compares two open models.</summary>
    /// <param name="first">The first model.</param>
    /// <param name="second">The second model.</param>
    /// <param name="threads">Threads that compare: 1 or more.</param>
    /// <param name="progress">Receives the number of bytes of the first model's tensors compared so far.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    public static ModelDifference Between(GgufFile first, GgufFile second, int threads, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var tensors = new TensorDifference?[first.Tensors.Count];
        var done = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, tensors.Length, options, i =>
        {
            var tensor = first.Tensors[i];
            tensors[i] = second.TryGetTensor(tensor.Name, out var other)
                ? TensorData.Difference(tensor, other, bytes => progress?.Invoke(Interlocked.Add(ref done, bytes)), cancellation)
                : new TensorDifference(tensor.Name, DifferenceKind.OnlyFirst, TensorData.Text(tensor), null);
        });
        var added = second.Tensors.Where(t => !first.TryGetTensor(t.Name, out _))
            .Select(t => new TensorDifference(t.Name, DifferenceKind.OnlySecond, null, TensorData.Text(t)));
        return new ModelDifference(
            [.. KeysOf(first.Metadata, second.Metadata)], [.. tensors.OfType<TensorDifference>(), .. added], tensors.Count(t => t is null));
    }

    private static IEnumerable<KeyDifference> KeysOf(GgufMetadata first, GgufMetadata second)
    {
        foreach (var (key, value) in first.Where(entry => !CopiedFile.IsOfSplit(entry.Key)))
        {
            if (!second.TryGet(key, out var other)) yield return new(key, DifferenceKind.OnlyFirst, value.ToString(), null);
            else if (value.Type != other.Type || value.ElementType != other.ElementType) yield return Changed(key, DifferenceKind.Type, value, other);
            else if (!KeyValues.AreEqual(value, other)) yield return Changed(key, DifferenceKind.Value, value, other);
        }

        foreach (var (key, value) in second.Where(entry => !CopiedFile.IsOfSplit(entry.Key) && !first.ContainsKey(entry.Key)))
            yield return new(key, DifferenceKind.OnlySecond, null, value.ToString());
    }

    private static KeyDifference Changed(string key, DifferenceKind kind, GgufValue first, GgufValue second)
    {
        var place = kind == DifferenceKind.Value ? KeyValues.FirstDifference(first, second) : "";
        return new(key, kind, first + place, second + place);
    }
}
