using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>The parts of a model that is too large for one file (llama.cpp's gguf-split).</summary>
internal static class SplitFile
{
    /// <summary>Divides a plan's tensors, in their order, into parts of at most <paramref name="maximumBytes"/>. A larger tensor is a separate part.</summary>
    public static IReadOnlyList<(string Path, GgufMetadata Metadata, IReadOnlyList<ConvertedTensor> Tensors)> Divide(
        ConversionPlan plan, string path, long? maximumBytes)
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
        return [.. parts.Select((tensors, i) =>
            (GgufSplit.PartPath(path, i, parts.Count), GgufSplit.PartMetadata(plan.Metadata, i, parts.Count, plan.Tensors.Count),
                (IReadOnlyList<ConvertedTensor>)tensors))];
    }
}
