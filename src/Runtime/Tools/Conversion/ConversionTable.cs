using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>The table of a conversion for the user: names in the checkpoint, steps, name in the file, type and shape.</summary>
public static class ConversionTable
{
    /// <summary>One line per tensor, in columns.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<ConvertedTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var rows = tensors.Select(Cells).ToList();
        var widths = Enumerable.Range(0, 4).Select(c => rows.Select(r => r[c].Length).DefaultIfEmpty(0).Max()).ToArray();
        return rows.Select(r => string.Join("  ", r.Select((cell, c) => c < 4 ? cell.PadRight(widths[c]) : cell)));
    }

    private static string[] Cells(ConvertedTensor tensor) =>
    [
        Sources(tensor), string.Join(", ", tensor.Weights.Steps.DefaultIfEmpty("as it is")), tensor.Name, tensor.Type.Name,
        $"[{string.Join(", ", tensor.Dims)}]",
    ];

    /// <summary>A tensor's names in the checkpoint, and the steps of its conversion.</summary>
    internal static string Origin(ConvertedTensor tensor) => string.Join(", ", tensor.Weights.Steps.Prepend(Sources(tensor)));

    private static string Sources(ConvertedTensor tensor)
    {
        var sources = tensor.Weights.Sources.ToList();
        return sources.Count switch { 0 => "-", <= 2 => string.Join(" + ", sources), _ => $"{sources[0]} ... {sources[^1]}" };
    }
}
