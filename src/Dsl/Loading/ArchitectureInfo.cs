using ArchGen.Graphs;

namespace ArchGen;

/// <summary>
/// Facts of an architecture that need no model file. Generated, one per architecture. The tensor list and the description are made on first use.
/// </summary>
/// <param name="name">The name in <c>general.architecture</c>.</param>
/// <param name="summary">The first sentence of its documentation.</param>
/// <param name="huggingFaceClasses">The classes of transformers that it implements.</param>
/// <param name="tensors">Makes the list of its tensors.</param>
/// <param name="description">Its tensors and its symbolic graph, as text.</param>
/// <param name="outlines">Makes its symbolic graphs: that of the forward pass, then those with names.</param>
/// <param name="conversion">Makes the rules of conversion from a checkpoint.</param>
/// <param name="create">Makes an empty model of it.</param>
public sealed class ArchitectureInfo(
    string name, string summary, IReadOnlyList<string> huggingFaceClasses, Func<IReadOnlyList<TensorName>> tensors, string description,
    Func<IReadOnlyList<GraphOutline>> outlines, Func<ConversionInfo> conversion, Func<Model> create)
{
    /// <summary>The name in <c>general.architecture</c>.</summary>
    public string Name { get; } = Guard.NotNull(name);

    /// <summary>The first sentence of its documentation.</summary>
    public string Summary { get; } = summary;

    /// <summary>The classes of transformers that it implements.</summary>
    public IReadOnlyList<string> HuggingFaceClasses { get; } = huggingFaceClasses;

    /// <summary>Its tensors.</summary>
    public IReadOnlyList<TensorName> Tensors => field ??= tensors();

    /// <summary>Its tensors and its symbolic graph, as text.</summary>
    public string Description { get; } = description;

    /// <summary>Its forward passes without parts and bases, as text: the whole model as one would write it by hand.</summary>
    public string Flat { get; init; } = "";

    /// <summary>As <see cref="Flat"/>, each graph beside that of the forward pass by itself, with the blocks that it calls.</summary>
    public IReadOnlyDictionary<string, string> FlatGraphs { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>Its symbolic graphs: that of the forward pass, then those with names, which are called after the architecture and themselves.</summary>
    public IReadOnlyList<GraphOutline> Outlines => field ??= outlines();

    /// <summary>The conversion of its checkpoints.</summary>
    public ConversionInfo Conversion { get => field ??= Complete(conversion()); internal init; }

    /// <summary>Makes an empty model of it.</summary>
    public Func<Model> Create { get; } = create;

    /// <summary>The deviations of its quantizations from the common file types.</summary>
    public QuantizationAttribute Quantization { get; init; } = LlamaCppTable.Rows.GetValueOrDefault(name)?.Quantization ?? new();

    /// <summary>With what other programs add: the keys of llama.cpp's converter, and the defaults of transformers' config classes.</summary>
    private ConversionInfo Complete(ConversionInfo declared) => LlamaCppTable.Complete(Name, declared) with
    {
        Defaults = declared.Defaults.Count > 0 ? declared.Defaults : ConfigDefaultsFile.Of(HuggingFaceClasses),
    };
}

/// <summary>One tensor's names and shape; <c>{i}</c> is the block's index.</summary>
/// <param name="Gguf">The name in a GGUF file.</param>
/// <param name="HuggingFace">The names in a Hugging Face checkpoint, the usual one first.</param>
/// <param name="Shape">The dimensions over hyper-parameters, slowest first.</param>
/// <param name="Optional">Whether a file may lack it.</param>
public sealed record TensorName(string Gguf, IReadOnlyList<string> HuggingFace, string Shape, bool Optional);
