namespace ArchGen;

/// <summary>What is known of an architecture without a file. Generated, one per architecture.</summary>
/// <param name="Name">The name in <c>general.architecture</c>.</param>
/// <param name="Summary">The first sentence of its documentation.</param>
/// <param name="HuggingFaceClasses">The classes of transformers that it implements.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Description">Its tensors and its graph over hyper-parameters, to read.</param>
/// <param name="Create">Makes an empty model of it.</param>
public sealed record ArchitectureInfo(
    string Name, string Summary, IReadOnlyList<string> HuggingFaceClasses, IReadOnlyList<TensorName> Tensors, string Description, Func<Model> Create);

/// <summary>One tensor's names and shape; <c>{i}</c> stands for the block's index.</summary>
/// <param name="Gguf">The name in a GGUF file.</param>
/// <param name="HuggingFace">The names in a Hugging Face checkpoint, the usual one first.</param>
/// <param name="Shape">The dimensions over hyper-parameters, slowest first.</param>
/// <param name="Optional">Whether a file may lack it.</param>
public sealed record TensorName(string Gguf, IReadOnlyList<string> HuggingFace, string Shape, bool Optional);
