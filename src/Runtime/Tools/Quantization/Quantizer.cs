using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tools.Quantization;

/// <summary>Writes the file of a plan.</summary>
public static class Quantizer
{
    /// <summary>
    /// Writes a quantized file: several threads each read a few rows, encode them and write them to their place, so that only a few chunks of
    /// tensors are in memory. The file appears when it is complete, and replaces an earlier one.
    /// </summary>
    /// <param name="plan">The plan of the file.</param>
    /// <param name="path">The file to write; in parts, the name without part numbers.</param>
    /// <param name="keepSplit">Whether a model in parts stays in as many, under the names PATH-00001-of-0000N.gguf.</param>
    /// <param name="threads">Threads that read, encode and write.</param>
    /// <param name="progress">Called with the bytes of <see cref="QuantizationPlan.Tensors"/> written so far.</param>
    /// <param name="cancellation">Ends the writing; no file is left.</param>
    /// <returns>The files, in full.</returns>
    /// <exception cref="ArchGenException">
    /// The plan has problems, a tensor holds a number that is not finite or too large for its type, the path is that of the source, or a file
    /// cannot be written.
    /// </exception>
    public static IReadOnlyList<string> Write(QuantizationPlan plan, string path, bool keepSplit, int threads, Action<long>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Check(plan);
        using var source = new TensorReader(plan.Tensors.Select(t => t.Source));
        var parts = Parts(plan, source, path, keepSplit);
        foreach (var part in parts)
        {
            var target = ChunkedFile.Target(part.Path);
            if (plan.Source.Tensors.Select(t => t.FileName).Append(plan.Source.Name).Distinct().Any(name => ChunkedFile.IsSame(name, target)))
                throw new RequestException($"{part.Path} is the file to quantize itself. Choose another name for the result.");
        }

        return ChunkedFile.Write(parts, threads, progress, cancellation);
    }

    /// <summary>Writes one quantized file to a stream without seeking, such as standard output.</summary>
    /// <exception cref="ArchGenException">The plan has problems, or a tensor holds a number that is not finite or too large for its type.</exception>
    public static void Write(QuantizationPlan plan, Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(stream);
        Check(plan);
        using var source = new TensorReader(plan.Tensors.Select(t => t.Source));
        ChunkedStream.Write(stream, plan.Metadata, [.. plan.Tensors.Select(t => new QuantizedChunks(t, source))], progress, cancellation);
    }

    private static void Check(QuantizationPlan plan)
    {
        if (plan.Problems.Count > 0)
        {
            throw new RequestException(
            $"{plan.Source.Name}: {plan.Problems[0]}{(plan.Problems.Count > 1 ? $" So it is with {plan.Problems.Count - 1} more." : "")}");
        }
    }

    private static IReadOnlyList<ChunkedPart> Parts(QuantizationPlan plan, TensorReader source, string path, bool keepSplit)
    {
        if (!keepSplit) return [new ChunkedPart(path, plan.Metadata, [.. plan.Tensors.Select(t => new QuantizedChunks(t, source))])];
        var count = GgufSplit.CountParts(plan.Source.Metadata);
        var names = count == 1 ? [plan.Source.Name] : GgufSplit.PathsFromFirst(plan.Source.Name, plan.Source.Metadata, count);
        return [.. names.Select((name, i) => new ChunkedPart(
            GgufSplit.PartPath(path, i, count),
            GgufSplit.PartMetadata(plan.Metadata, i, count, plan.Tensors.Count),
            [.. plan.Tensors.Where(t => t.Source.FileName == name).OrderBy(t => t.Source.Offset).Select(t => new QuantizedChunks(t, source))]))];
    }
}
