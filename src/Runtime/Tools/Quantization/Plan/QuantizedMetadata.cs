using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Mixes;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>The keys of a quantized file: those of the source, and what was done to it.</summary>
internal static class QuantizedMetadata
{
    private const string FileTypeKey = "general.file_type";
    private const uint QuantizationVersion = 2;

    public static GgufMetadata Of(GgufMetadata source, FileType type, QuantizationOptions options)
    {
        var metadata = new GgufMetadata(source.Source);
        foreach (var (key, value) in source)
        {
            if (key is not (GgufSplit.NumberKey or GgufSplit.CountKey or GgufSplit.TensorCountKey)) metadata[key] = value;
        }

        Set("general.quantization_version", GgufValue.From(QuantizationVersion));
        if (!type.KeepsTypes) Set(FileTypeKey, GgufValue.From((uint)type.Id));
        else if (source.TryGet(FileTypeKey, out var kept)) Set(FileTypeKey, kept);
        foreach (var (key, value) in options.Metadata) Set(key, value);
        if (options.Importance is { } importance)
        {
            Set("quantize.imatrix.file", GgufValue.From(options.ImportancePath));
            if (importance.Dataset is { } dataset) Set("quantize.imatrix.dataset", GgufValue.From(dataset));
            Set("quantize.imatrix.entries_count", GgufValue.From((uint)importance.Entries.Count));
            if (importance.Chunks > 0) Set("quantize.imatrix.chunks_count", GgufValue.From((uint)importance.Chunks));
        }

        return metadata;

        // As llama.cpp sets a key: it moves to the end.
        void Set(string key, GgufValue value)
        {
            metadata.Remove(key);
            metadata[key] = value;
        }
    }
}
