using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>Reads what a mix asks of a model from its file's keys.</summary>
internal static class ModelFacts
{
    public static ModelTraits Of(GgufFile file, string? architecture, ArchitectureInfo? declaration, bool hasImportance)
    {
        var heads = First(file.Metadata, $"{architecture}.attention.head_count") ?? 0;
        var keyHeads = First(file.Metadata, $"{architecture}.attention.head_count_kv") ?? heads;
        var blocks = First(file.Metadata, $"{architecture}.block_count")
            ?? file.Tensors.Select(t => TensorRoles.BlockOf(t.Name) + 1 ?? 0).DefaultIfEmpty(0).Max();
        var experts = First(file.Metadata, $"{architecture}.expert_count") ?? 0;
        return new ModelTraits(blocks, experts, keyHeads == 0 ? 0 : heads / keyHeads, hasImportance, declaration?.Quantization ?? new());
    }

    /// <summary>A whole number, or the first of one per layer.</summary>
    private static int? First(GgufMetadata metadata, string key) =>
        !metadata.TryGet(key, out var value) ? null : !value.IsArray ? value.AsInt32() : value.AsInt32s() is [var first, ..] ? first : null;
}
