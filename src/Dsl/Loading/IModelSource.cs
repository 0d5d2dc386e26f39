namespace ArchGen;

/// <summary>The keys and tensors of a model file, for an architecture. The runtime's GGUF files implement it.</summary>
public interface IModelSource
{
    /// <summary>The file's name, for messages.</summary>
    string FileName { get; }

    /// <summary>The names of all tensors in the order of the file.</summary>
    IReadOnlyList<string> TensorNames { get; }

    /// <summary>The dimensions of a tensor, slowest first, or null if there is none of this name.</summary>
    long[]? FindTensor(string name);

    /// <summary>The elements of a tensor as f32, row by row.</summary>
    float[] Read(string tensor);

    /// <summary>The value of a key, or null if the file has none: a long, a double, a bool, a string, or an array of one of these.</summary>
    object? FindKey(string key);

    /// <summary>The message for a required key that is missing; null for that of a model file.</summary>
    ModelFileException? Missing(string key, string expected) => null;

    /// <summary>The length of an array, without reading it, or null if the file has no such key.</summary>
    int? FindArrayLength(string key);
}
