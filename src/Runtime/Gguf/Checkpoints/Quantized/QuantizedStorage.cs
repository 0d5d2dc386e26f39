using System.Text.Json;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Checkpoints.Quantized;

/// <summary>Joins what a quantized checkpoint stores apart: numbers, scales, zero points. config.json names the method.</summary>
internal static class QuantizedStorage
{
    /// <summary>The logical tensors of a file's.</summary>
    /// <exception cref="ModelFileException">The method is not known, or what it stores does not fit together.</exception>
    public static IReadOnlyList<CheckpointTensor> Join(IReadOnlyList<CheckpointTensor> tensors, JsonElement config, string place)
    {
        if (!config.TryGetProperty("quantization_config", out var quantization) || quantization.ValueKind != JsonValueKind.Object) return tensors;
        var method = Text(quantization, "quant_method") ?? "";
        Func<Parts, CheckpointTensor?> join = method switch
        {
            "mxfp4" => Mxfp4,
            "fp8" => parts => Float8(parts, quantization),
            "gptq" => parts => Gptq(parts, quantization, place),
            "compressed-tensors" => parts => Compressed(parts, quantization, place),
            _ => throw new ModelFileException($"{place}: the weights are quantized by the method {MessageText.Quote(method)}; "
                + "expected fp8, gptq, compressed-tensors or mxfp4. Give the checkpoint in F16 or BF16."),
        };
        var byName = tensors.OfType<StoredTensor>().ToDictionary(t => t.Name, StringComparer.Ordinal);
        var joined = new List<CheckpointTensor>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (tensor is StoredTensor stored && join(new Parts(stored, byName)) is { } whole)
            {
                joined.Add(whole);
                used.UnionWith(whole.Sources);
            }
        }

        return [.. joined, .. tensors.Where(t => !used.Contains(t.Name))];
    }

    private static CheckpointTensor? Mxfp4(Parts parts) =>
        parts.Stem("_blocks") is { } name && parts.Beside(name + "_scales") is { } scales ? new Mxfp4Tensor(name, parts.Tensor, scales) : null;

    private static CheckpointTensor? Float8(Parts parts, JsonElement quantization)
    {
        if (parts.Stem(".weight") is not { } module) return null;
        if (parts.Beside(module + ".weight_scale_inv") is { } blocks)
        {
            var stated = quantization.Property("weight_block_size")?.ItemsOrNone().Select(n => n.IntegerOrNull() ?? 0).ToArray();
            var size = stated is [> 0, > 0] ? stated : [128, 128];
            return Scaled(parts, blocks, size[0], size[1]);
        }

        return parts.Beside(module + ".weight_scale") is { } scale ? ByRow(parts, scale) : null;
    }

    private static CheckpointTensor? Gptq(Parts parts, JsonElement quantization, string place)
    {
        if (parts.Stem(".qweight") is not { } module) return null;
        if (!quantization.TryGetProperty("bits", out var bits) || bits.ToString() != "4")
            throw new ModelFileException($"{place}: GPTQ with {bits} bits is not read, expected 4. Give the checkpoint in F16 or BF16.");
        return parts.Beside(module + ".qzeros") is { Shape.Count: 2 } zeros && parts.Beside(module + ".scales") is { Shape.Count: 2 } scales
            && parts.Beside(module + ".g_idx") is { } groups && parts.Tensor.Shape.Count == 2
            ? new GptqTensor(module + ".weight", parts.Tensor, zeros, scales, groups, isZeroLessOne: Text(quantization, "checkpoint_format") is null or "gptq")
            : throw new ModelFileException($"{parts.Tensor.Place}: {parts.Tensor} needs qzeros, scales and g_idx beside it. Download the checkpoint again.");
    }

    private static CheckpointTensor? Compressed(Parts parts, JsonElement quantization, string place)
    {
        if (parts.Stem(".weight") is { } whole) return parts.Beside(whole + ".weight_scale") is { } scale ? ByRow(parts, scale) : null;
        if (parts.Stem(".weight_packed") is not { } module) return null;
        if (Text(quantization, "format") != "pack-quantized" || parts.Beside(module + ".weight_zero_point") is not null)
        {
            throw new ModelFileException($"{place}: compressed-tensors of the format {Text(quantization, "format")} with zero points are not read, expected "
                + "symmetric pack-quantized. Give the checkpoint in F16 or BF16.");
        }

        if (parts.Beside(module + ".weight_scale") is not { } scales
            || parts.Beside(module + ".weight_shape") is not { ElementCount: 2 } shape
            || parts.Tensor.Shape.Count != 2)
        {
            throw new ModelFileException($"{parts.Tensor.Place}: {parts.Tensor} needs weight_scale and weight_shape beside it. Download the checkpoint again.");
        }

        var dims = new float[2];
        shape.Read(0, dims);
        if (dims[0] != parts.Tensor.Shape[0] || dims[1] > parts.Tensor.Shape[1] * 8 || dims[1] <= (parts.Tensor.Shape[1] - 1) * 8 || scales.Shape[^1] == 0)
        {
            throw new ModelFileException($"{parts.Tensor.Place}: {parts.Tensor} is said to be [{dims[0]}, {dims[1]}]; "
                + "expected eight numbers in each element. Only 4 bits are read. Download the checkpoint again.");
        }

        var numbers = new PackedInt4Tensor(module, parts.Tensor, (long)dims[0], (long)dims[1]);
        var columns = ((long)dims[1] + scales.Shape[^1] - 1) / scales.Shape[^1];
        return new ScaledTensor(module + ".weight", numbers, scales, 1, columns, [parts.Tensor.Name, scales.Name, shape.Name]);
    }

    /// <summary>One scale for all, or one per row.</summary>
    private static ScaledTensor ByRow(Parts parts, StoredTensor scale) =>
        Scaled(parts, scale, scale.ElementCount == 1 ? Math.Max(parts.Tensor.Shape[0], 1) : 1, Math.Max(parts.Tensor.Shape[^1], 1));

    private static ScaledTensor Scaled(Parts parts, StoredTensor scales, long rows, long columns) =>
        new(parts.Tensor.Name, parts.Tensor, scales, rows, columns, [parts.Tensor.Name, scales.Name]);

    private static string? Text(JsonElement element, string key) => element.Property(key)?.TextOrNull();

    /// <summary>A stored tensor and those beside it.</summary>
    private sealed record Parts(StoredTensor Tensor, Dictionary<string, StoredTensor> All)
    {
        /// <summary>The name without an ending, or null if it ends otherwise.</summary>
        public string? Stem(string ending) => Tensor.Name.EndsWith(ending, StringComparison.Ordinal) ? Tensor.Name[..^ending.Length] : null;

        public StoredTensor? Beside(string name) => All.GetValueOrDefault(name);
    }
}
