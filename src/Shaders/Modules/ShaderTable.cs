using ArchGen.Formats;

namespace ArchGen.Vulkan.Modules;

/// <summary>All shaders that are compiled ahead. Whoever asks for another one finds none.</summary>
internal static class ShaderTable
{
    /// <summary>The types of weights that shaders read as the file has them.</summary>
    public static IReadOnlyList<TensorType> WeightTypes { get; } =
        [.. TensorFormats.All.Where(format => format.IsDecodable).Select(format => format.Type)];

    /// <summary>The variants, in the order of their names.</summary>
    public static IReadOnlyList<ShaderVariant> All { get; } =
    [
        .. new[] { Plain, OfWeights }.SelectMany(family => family()).OrderBy(variant => variant.Name, StringComparer.Ordinal),
    ];

    /// <summary>Shaders that know no type of weights.</summary>
    private static IEnumerable<ShaderVariant> Plain() =>
        new[]
        {
            "attention_few", "attention_merge", "attention_tiles", "choose", "conv", "copy", "delta", "half_rows", "mix", "norm", "rope", "route",
            "rows", "scale_rows", "scan", "store_keys",
        }.Select(ShaderVariant.Plain);

    /// <summary>Shaders for each type of weights.</summary>
    private static IEnumerable<ShaderVariant> OfWeights() =>
        from type in WeightTypes
        from shader in new[] { "get_rows", "product_cooperative", "product_vector", "product_tiles" }
        select ShaderVariant.Typed(shader, type.Name);
}
