using System.Runtime.InteropServices;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>A llama with random weights whose matrices all have one type; they are 512 or 256 wide.</summary>
internal static class TypedLlama
{
    private static readonly ModelRecipe Recipe = ModelRecipe.Open(SharedFixtures.Local("quantization/wide-llama.json"));

    /// <summary>The prompt.</summary>
    public static int[] Tokens => [.. Recipe.Tokens];

    /// <summary>The model as a file's bytes. Its matrices are one in other orders of rows, as some types take long to encode.</summary>
    public static byte[] Write(TensorType type)
    {
        using var source = Recipe.ToGguf();
        var encoded = Encode(type, source.Tensors.Single(t => t.Name == "blk.0.ffn_gate.weight"));
        var random = new Random(1);
        var writer = new GgufWriter(source.Metadata);
        foreach (var tensor in source.Tensors)
        {
            if (tensor.Dimensions.Length == 1) writer.Add(tensor);
            else writer.Add(tensor.Name, type, tensor.Dimensions.AsSpan(), RandomRows(random, encoded, type, tensor));
        }

        var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }

    private static byte[] RandomRows(Random random, byte[] encoded, TensorType type, GgufTensor tensor)
    {
        var rows = encoded.Chunk((int)type.ByteLength(tensor.Dimensions[0])).ToArray();
        random.Shuffle(rows);
        return [.. rows.Take((int)tensor.Dimensions[1]).SelectMany(row => row)];
    }

    private static byte[] Encode(TensorType type, GgufTensor tensor)
    {
        var bytes = new byte[type.ByteLength(tensor.ElementCount)];
        var columns = (int)tensor.Dimensions[0];
        // All columns alike, for the types that need importance.
        var importance = TensorFormats.Of(type).Encoder!.NeedsImportance ? Enumerable.Repeat(1f, columns).ToArray() : [];
        TensorFormats.Of(type).Encoder!.Encode(MemoryMarshal.Cast<byte, float>(tensor.Span), bytes, columns, importance);
        return bytes;
    }
}
