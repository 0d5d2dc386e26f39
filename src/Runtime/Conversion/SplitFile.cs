using System.Globalization;
using ArchGen.Gguf;

namespace ArchGen.Conversion;

/// <summary>The parts of a model that is too large for one file (llama.cpp's gguf-split).</summary>
internal static class SplitFile
{
    /// <summary>Divides a plan's tensors, in their order, so that none of the parts holds more bytes than asked for, unless one tensor does.</summary>
    public static IReadOnlyList<(string Path, GgufMetadata Metadata, IReadOnlyList<ConvertedTensor> Tensors)> Divide(ConversionPlan plan, string path, long? maximumBytes)
    {
        var parts = new List<List<ConvertedTensor>> { new() };
        var bytes = 0L;
        foreach (var tensor in plan.Tensors)
        {
            var size = tensor.Type.ByteLength(tensor.Weights.ElementCount);
            if (bytes > 0 && bytes + size > maximumBytes)
            {
                parts.Add([]);
                bytes = 0;
            }

            parts[^1].Add(tensor);
            bytes += size;
        }

        if (parts.Count == 1) return [(path, plan.Metadata, parts[0])];
        return [.. parts.Select((tensors, i) => (Name(path, i, parts.Count), Metadata(plan, i, parts.Count), (IReadOnlyList<ConvertedTensor>)tensors))];
    }

    private static string Name(string path, int part, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path))}-{part + 1:D5}-of-{count:D5}.gguf");

    /// <summary>The first part has all keys, the others only their number.</summary>
    private static GgufMetadata Metadata(ConversionPlan plan, int part, int count)
    {
        var metadata = new GgufMetadata(plan.Metadata.Source);
        if (part == 0)
        {
            foreach (var (key, value) in plan.Metadata) metadata[key] = value;
        }

        metadata[GgufSplit.NumberKey] = GgufValue.From((ushort)part);
        metadata[GgufSplit.CountKey] = GgufValue.From((ushort)count);
        metadata[GgufSplit.TensorCountKey] = GgufValue.From(plan.Tensors.Count);
        return metadata;
    }
}
