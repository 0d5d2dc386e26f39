using System.Globalization;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>The order of tensors in a quantized file, as in llama.cpp: tensors outside layers first, then layer by layer, each by name.</summary>
internal sealed class TensorOrder : IComparer<string>
{
    private const string BlockPrefix = "blk.";

    public static TensorOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => Block(x!).CompareTo(Block(y!)) is var order and not 0 ? order : string.CompareOrdinal(x, y);

    private static int Block(string name)
    {
        if (!name.StartsWith(BlockPrefix, StringComparison.Ordinal)) return -1;
        var end = name.IndexOf('.', BlockPrefix.Length);
        return end > 0 && int.TryParse(name.AsSpan(BlockPrefix.Length, end - BlockPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out var index) ? index : -1;
    }
}
