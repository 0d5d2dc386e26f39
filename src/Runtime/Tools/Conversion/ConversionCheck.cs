using System.Runtime.InteropServices;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Quantization.Mixes;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// Compares a file with the checkpoint that it was made of: every key, and the bytes of every tensor, made again part by part. Keys that config.json states
/// by name are compared with config.json too.
/// </summary>
public static class ConversionCheck
{
    private const int PartElements = 1 << 18;

    // The user chooses these; they do not follow from the checkpoint.
    private static readonly string[] Free = ["general.name", "general.file_type", "general.size_label", "general.quantization_version"];

    /// <summary>The differences, one per line; and the tensors whose type cannot be made again.</summary>
    /// <param name="plan">The conversion of the checkpoint.</param>
    /// <param name="file">The file.</param>
    /// <param name="progress">Receives the number of tensors done, and that of all tensors.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
    public static (IReadOnlyList<string> Differences, IReadOnlyList<string> Unchecked) Compare(
        ConversionPlan plan, GgufFile file, Action<int, int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(file);
        var differences = Keys(plan, file).ToList();
        var unmade = new List<string>();
        var rest = file.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < plan.Tensors.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var tensor = plan.Tensors[i];
            rest.Remove(tensor.Name);
            if (!file.TryGetTensor(tensor.Name, out var found)) differences.Add($"{tensor.Name} ({Origin(tensor)}): missing");
            else if (!found.Dimensions.Reverse().SequenceEqual(tensor.Dims)) differences.Add(ShapeDifference(tensor, found));
            else if (!CanMake(tensor, found.Type)) unmade.Add($"{tensor.Name}: {found.Type.Name}");
            else if (FirstDifference(tensor, found, cancellation) is { } difference) differences.Add(difference);
            progress?.Invoke(i + 1, plan.Tensors.Count);
        }

        differences.AddRange(rest.Order(StringComparer.Ordinal).Select(name => $"{name}: extra"));
        return (differences, unmade);
    }

    private static string ShapeDifference(ConvertedTensor tensor, GgufTensor found) =>
        $"{tensor.Name} ({Origin(tensor)}): expected [{string.Join(", ", tensor.Dims)}], found [{string.Join(", ", found.Dimensions.Reverse())}]";

    private static bool CanMake(ConvertedTensor tensor, TensorType type) => TensorFormats.Of(type).IsEncodable || TensorBytes.AreStored(tensor.Weights, type);

    private static IEnumerable<string> Keys(ConversionPlan plan, GgufFile file)
    {
        var stated = new StatedConfig(plan);
        foreach (var (key, value) in plan.Metadata)
        {
            if (Free.Contains(key, StringComparer.Ordinal)) continue;
            if (!file.Metadata.TryGet(key, out var found)) yield return $"key {key}: expected {Text(value)}, missing";
            else if (Difference(value, found) is { } difference) yield return $"key {key}: {difference}";
            else if (stated.Contradiction(key, found) is { } contradiction) yield return $"key {key}: {contradiction}";
        }
    }

    /// <summary>The difference between two values; null if they are equal.</summary>
    private static string? Difference(GgufValue expected, GgufValue found)
    {
        var isOfOneKind = expected.Type == found.Type && expected.ElementType == found.ElementType;
        if (isOfOneKind && expected.IsArray && expected.Count == found.Count)
        {
            return expected.AsArray().Zip(found.AsArray(), Difference)
                .Select((difference, i) => difference is null ? null : $"element {i}: {difference}").FirstOrDefault(difference => difference is not null);
        }

        if (Text(expected) != Text(found)) return $"expected {Text(expected)}, found {Text(found)}";
        return isOfOneKind ? null : $"expected {Text(expected)} as {Kind(expected)}, found it as {Kind(found)}";
    }

    private static string Kind(GgufValue value) => value.IsArray ? $"array of {value.ElementType.Name}" : value.Type.Name;

    private static string Text(GgufValue value) => value.IsArray ? $"{value.Count} elements" : value.Type switch
    {
        GgufValueType.String => value.AsString(),
        GgufValueType.Bool => value.AsBool() ? "true" : "false",
        GgufValueType.Float32 or GgufValueType.Float64 => value.AsDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.AsInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static unsafe string? FirstDifference(ConvertedTensor tensor, GgufTensor found, CancellationToken cancellation)
    {
        var (type, weights) = (found.Type, tensor.Weights);
        var made = new byte[type.ByteLength(PartElements)];
        for (var first = 0L; first < weights.ElementCount; first += PartElements)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(PartElements, weights.ElementCount - first);
            var part = made.AsSpan(0, (int)type.ByteLength(count));
            TensorBytes.Read(tensor, first, count, type, part);
            var stored = new ReadOnlySpan<byte>(found.Pointer + type.ByteLength(first), part.Length);
            var at = part.CommonPrefixLength(stored);
            if (at == part.Length) continue;
            var element = first + (at / type.BytesPerBlock * type.BlockSize);
            Span<float> expected = stackalloc float[1];
            weights.Read(element, expected);
            var bytes = stored.Slice(at / type.BytesPerBlock * type.BytesPerBlock, Math.Min(type.BytesPerBlock, 8));
            return $"{tensor.Name} ({Origin(tensor)}): differs from element {Place(element, tensor.Dims)} on; "
                + $"the checkpoint has {expected[0]:G9}, the file's {type.Name} bytes are {Convert.ToHexStringLower(bytes)}";
        }

        return null;
    }

    private static string Place(long element, IReadOnlyList<long> dims)
    {
        var place = new long[dims.Count];
        for (var d = dims.Count - 1; d >= 0; d--) (element, place[d]) = Math.DivRem(element, dims[d]);
        return $"[{string.Join(", ", place)}]";
    }

    private static string Origin(ConvertedTensor tensor) => ConversionTable.Origin(tensor);
}
