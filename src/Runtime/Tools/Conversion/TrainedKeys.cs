using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>The keys of a file whose values are tensors of the checkpoint.</summary>
/// <param name="architecture">The architecture, which declares them.</param>
/// <param name="source">The checkpoint.</param>
internal sealed class TrainedKeys(ArchitectureInfo architecture, CheckpointSource source)
{
    // A list of constants, not a matrix.
    private const int MaxElements = 1 << 16;

    /// <summary>Adds the keys. One whose tensors are not there is left out: whether the model can do without is known when it is loaded.</summary>
    /// <returns>The names of the tensors that were read.</returns>
    /// <exception cref="ModelFileException">A tensor has too many elements, or a value is not of the declared type.</exception>
    public IReadOnlyList<string> AddTo(GgufMetadata metadata)
    {
        var read = new List<string>();
        foreach (var key in architecture.Conversion.Trained)
        {
            if (source.Trained(key) is not { Count: > 0 } tensors) continue;
            var limit = key.Tensor.Contains("{i}", StringComparison.Ordinal) ? 1 : MaxElements;
            metadata[NameOf(key)] = Value(key, [.. tensors.SelectMany(t => Elements(key, t, limit))], isList: limit == 1 || tensors[0].ElementCount != 1);
            read.AddRange(tensors.SelectMany(t => t.Sources));
        }

        return read;
    }

    private string NameOf(TrainedKey key) => HyperParameterReader.FullKey(architecture.Name, key.Key);

    private float[] Elements(TrainedKey key, Weights tensor, int limit)
    {
        if (tensor.ElementCount is var count && (count < 1 || count > limit))
        {
            throw new ModelFileException($"{source.FileName}: {tensor} is the value of {NameOf(key)}, expected "
                + $"{(limit == 1 ? "one element" : $"1 to {MaxElements} elements")}. Download the checkpoint again, or correct [HfTensor].");
        }

        var values = new float[count];
        tensor.Read(0, values);
        return values;
    }

    private GgufValue Value(TrainedKey key, float[] values, bool isList)
    {
        if (key.Type is not ("int" or "PerLayer<int>")) return isList ? GgufValue.From(values) : GgufValue.From(values[0]);
        if (Array.FindIndex(values, v => !(v >= 0 && v < int.MaxValue && v == MathF.Floor(v))) is >= 0 and var wrong)
        {
            throw new ModelFileException(FormattableString.Invariant(
                $"{source.FileName}: {NameOf(key)} would be {values[wrong]}, expected whole numbers from 0 on. Correct its type in the declaration."));
        }

        return isList ? GgufValue.From(Array.ConvertAll(values, v => (int)v)) : GgufValue.From((uint)values[0]);
    }
}
