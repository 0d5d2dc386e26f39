using ArchGen.Formats;

namespace ArchGen.Vulkan.Modules;

/// <summary>All shaders that are compiled ahead. Whoever asks for another one finds none.</summary>
internal static class ShaderTable
{
    /// <summary>The types of weights that shaders read as the file has them.</summary>
    public static IReadOnlyList<TensorType> WeightTypes { get; } = [TensorType.F32];

    /// <summary>The variants, in the order of their names.</summary>
    public static IReadOnlyList<ShaderVariant> All { get; } =
    [
        .. new[] { Rows }.SelectMany(family => family()).OrderBy(variant => variant.Name, StringComparer.Ordinal),
    ];

    /// <summary>What is computed row by row.</summary>
    private static IEnumerable<ShaderVariant> Rows() => [ShaderVariant.Plain("copy"), ShaderVariant.Plain("norm"), ShaderVariant.Plain("rope")];
}
