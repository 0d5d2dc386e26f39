namespace ArchGen;

/// <summary>A model file as an architecture sees it: keys and tensors. The runtime's GGUF files implement it.</summary>
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

    /// <summary>What is said of a key that the model needs and that is missing, or null for what is said of a model file.</summary>
    ModelFileException? Missing(string key, string expected) => null;

    /// <summary>The length of an array, or null if the file has no such key. Spares reading it.</summary>
    int? FindArrayLength(string key);
}
