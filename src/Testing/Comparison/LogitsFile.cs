using System.Buffers.Binary;
using ArchGen.Gguf.Safetensors;

namespace ArchGen.Testing.Comparison;

/// <summary>Logits, or embeddings, that another program wrote.</summary>
internal static class LogitsFile
{
    private const string Name = "logits";

    /// <summary>Reads plain f32, little-endian, row by row; or the tensor <c>logits</c>, or the only one, of a safetensors file.</summary>
    /// <exception cref="ModelFileException">There is no such file, or it holds something else.</exception>
    public static float[] Read(string path)
    {
        if (!File.Exists(path)) throw new ModelFileException($"{path} is not there, expected the logits of the author's model: f32, or safetensors.");
        return path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ReadSafetensors(path) : ReadPlain(path);
    }

    private static float[] ReadSafetensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (file.TryGetTensor(Name, out var tensor)) return tensor.ToSingles();
        return file.Tensors.Count == 1
            ? file.Tensors[0].ToSingles()
            : throw new ModelFileException($"{path} has {file.Tensors.Count} tensors and none is named {Name}. Name the model's result so.");
    }

    private static float[] ReadPlain(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0 || bytes.Length % sizeof(float) != 0)
            throw new ModelFileException($"{path} has {bytes.Length} bytes, expected f32 values of four bytes each.");
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }
}
