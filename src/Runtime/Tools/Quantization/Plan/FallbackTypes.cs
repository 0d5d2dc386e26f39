using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>The types that replace one whose blocks do not fit a tensor's width: about as many bits in shorter blocks, or 16 bits.</summary>
internal static class FallbackTypes
{
    /// <summary>The type itself if rows of this width are whole blocks of it, otherwise the type that replaces it.</summary>
    public static TensorType Fit(TensorType type, long columns)
    {
        while (columns % type.BlockSize != 0) type = Shorter(type);
        return type;
    }

    /// <summary>The notes about tensors that do not have the wanted type: a line for each pair of types and each width.</summary>
    public static IEnumerable<string> Notes(IEnumerable<(string Tensor, TensorType Wanted, TensorType Type, long Columns)> tensors) =>
        tensors.Where(t => t.Type != t.Wanted).GroupBy(t => (t.Wanted, t.Type, t.Columns)).Select(g =>
            $"{Names([.. g.Select(t => t.Tensor)])}: rows of {g.Key.Columns} are no whole blocks of {g.Key.Wanted.Name} ({g.Key.Wanted.BlockSize}); "
            + $"{g.Key.Type.Name} instead.");

    /// <summary>Up to three names, or the first and the number of the others.</summary>
    public static string Names(IReadOnlyList<string> names) => names.Count > 3 ? $"{names[0]} and {names.Count - 1} more" : string.Join(", ", names);

    private static TensorType Shorter(TensorType type) => type switch
    {
        TensorType.IQ1_S or TensorType.IQ1_M or TensorType.IQ2_XXS or TensorType.IQ2_XS or TensorType.IQ2_S or TensorType.IQ3_XXS or TensorType.IQ3_S
            or TensorType.IQ4_XS => TensorType.IQ4_NL,
        TensorType.Q1_0 or TensorType.Q2_0 or TensorType.Q2_K or TensorType.Q3_K or TensorType.TQ1_0 or TensorType.TQ2_0 or TensorType.NVFP4 => TensorType.Q4_0,
        TensorType.Q4_K => TensorType.Q5_0,
        TensorType.Q5_K => TensorType.Q5_1,
        TensorType.Q6_K => TensorType.Q8_0,
        _ => TensorType.F16,
    };
}
