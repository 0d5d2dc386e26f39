using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>What a conversion does, to read: checkpoint name, what is done, file name, type and shape.</summary>
public static class ConversionTable
{
    /// <summary>One line per tensor, in columns.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<ConvertedTensor> tensors)
    {
        var rows = tensors.Select(t => new[] { Sources(t), string.Join(", ", t.Weights.Steps.DefaultIfEmpty("as it is")), t.Name, t.Type.Name, $"[{string.Join(", ", t.Dims)}]" }).ToList();
        var widths = Enumerable.Range(0, 4).Select(c => rows.Select(r => r[c].Length).DefaultIfEmpty(0).Max()).ToArray();
        return rows.Select(r => string.Join("  ", r.Select((cell, c) => c < 4 ? cell.PadRight(widths[c]) : cell)));
    }

    /// <summary>Where a tensor comes from, and what is done with it.</summary>
    internal static string Origin(ConvertedTensor tensor) => string.Join(", ", tensor.Weights.Steps.Prepend(Sources(tensor)));

    private static string Sources(ConvertedTensor tensor)
    {
        var sources = tensor.Weights.Sources.ToList();
        return sources.Count switch { 0 => "-", <= 2 => string.Join(" + ", sources), _ => $"{sources[0]} ... {sources[^1]}" };
    }
}
