using System.Collections.Immutable;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Quantization.Importance;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>The plan of a quantization: the type of each tensor, the keys of the file, and the problems that prevent it.</summary>
public sealed class QuantizationPlan
{
    private readonly List<string> _notes = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, (int Unknown, int Groups)> _unknown = new(StringComparer.Ordinal);

    private QuantizationPlan(GgufFile source, FileType fileType, QuantizationOptions options)
    {
        (Source, FileType) = (source, fileType);
        Metadata = QuantizedMetadata.Of(source.Metadata, fileType, options);
    }

    /// <summary>The file to quantize. The plan is valid while it is open.</summary>
    public GgufFile Source { get; }

    /// <summary>The type of the quantized file.</summary>
    public FileType FileType { get; }

    /// <summary>The keys of the quantized file.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Its tensors, in its order.</summary>
    public IReadOnlyList<QuantizedTensor> Tensors { get; private set; } = [];

    /// <summary>Lines that a user should see: widths that do not fit, missing importance, roles taken from names.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The problems that prevent quantizing; empty for none.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Plans the quantization of a model.</summary>
    /// <param name="source">The model; it stays open while the plan is used.</param>
    /// <param name="architectures">Those whose declarations give the roles of tensors, such as <c>Catalog.All</c>.</param>
    /// <param name="fileType">The type of the quantized file.</param>
    /// <param name="options">Importance, rules for single tensors, keys.</param>
    /// <exception cref="ArchGenException">A key of the file is wrong, or weights of an importance matrix do not fit the tensor.</exception>
    public static QuantizationPlan Create(GgufFile source, IEnumerable<ArchitectureInfo> architectures, FileType fileType, QuantizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentNullException.ThrowIfNull(fileType);
        ArgumentNullException.ThrowIfNull(options);
        var plan = new QuantizationPlan(source, fileType, options);
        var family = source.Metadata.GetStringOrNull("general.architecture");
        var architecture = family is null ? null : architectures.Find(family);
        if (architecture is null && !fileType.KeepsTypes)
        {
            var unknown = family is null ? "The file names no architecture" : $"The architecture {MessageText.Quote(family)} is not declared";
            plan._notes.Add($"{unknown}: the roles of its tensors are taken from their names.");
        }

        var tensors = source.Tensors.OrderBy(t => t.Name, TensorOrder.Instance).ToList();
        var described = tensors.ConvertAll(t => new SourceTensor(t.Name, t.Type, t.Dimensions));
        var roles = new TensorRoles(architecture);
        var types = new TypeSelection(fileType, ModelFacts.Of(source, family, architecture, options.Importance is not null), name => roles[name],
            options).Choose(described);
        plan.Tensors = [.. tensors.Select((t, i) => plan.Tensor(t, types[i], roles[t.Name], options))];
        plan.AddNotes();
        return plan;
    }

    private QuantizedTensor Tensor(GgufTensor tensor, (TensorType Type, TensorType Wanted) type, TensorRole role, QuantizationOptions options)
    {
        var planned = new QuantizedTensor(tensor, type.Type, type.Wanted, role, []);
        if (planned.IsCopied) return planned;
        if (!TensorFormats.Of(tensor.Type).IsDecodable)
        {
            _problems.Add($"{tensor.Name} is {tensor.Type.Name}, which cannot be read as numbers. Use a file in f32, f16 or bf16.");
        }

        if (tensor.Type.IsQuantized && !options.AllowRequantize)
        {
            _problems.Add($"{tensor.Name} is {tensor.Type.Name} already, and quantizing again loses more. "
                + "Use a file in f32, f16 or bf16, or say --allow-requantize.");
        }

        var importance = Importance(tensor, type.Type, role, options.Importance);
        if (importance.IsEmpty && NeedsImportance(type.Type, role))
        {
            _problems.Add($"{tensor.Name} would be {type.Type.Name} without knowing which of its inputs matter, which gives garbage. "
                + "Give an importance matrix (--imatrix) that has this tensor, or a type of more bits.");
        }

        if (!TensorFormats.Of(type.Type).IsEncodable) _problems.Add($"{tensor.Name}: {type.Type.Name} cannot be written. Choose another type.");
        return planned with { Importance = importance };
    }

    /// <summary>The weights of a tensor's columns, [matrices, columns]; empty for none.</summary>
    private ImmutableArray<float> Importance(GgufTensor tensor, TensorType type, TensorRole role, ImportanceMatrix? matrix)
    {
        var weights = matrix is null ? default : matrix.For(tensor.Name);
        var expected = tensor.Dimensions[0] * tensor.Dimensions.Skip(2).Aggregate(1L, (product, size) => product * size);
        if (weights.IsEmpty) return [];
        if (weights.Length == expected)
        {
            if (weights.ContainsAnyInRange(UsableImportance.Max, float.MaxValue))
            {
                _problems.Add(FormattableString.Invariant(
                    $"{tensor.Name}: the importance matrix has weights beyond {UsableImportance.Max}, and scales found with them are not finite. ")
                    + "Compute it again.");
            }

            var (filled, unknown, groups) = UsableImportance.Fill(weights, checked((int)tensor.Dimensions[0]), type);
            if (unknown > 0) _unknown[tensor.Name] = (unknown, groups);
            return [.. filled];
        }

        if (role != TensorRole.TokenEmbedding)
        {
            throw new ModelFileException(
                $"The importance matrix has {weights.Length} weights for {tensor.Name}; expected {expected}, one for each column of each of its matrices. "
                + "Compute it with this model.");
        }

        _notes.Add($"{tensor.Name}: the importance matrix has {weights.Length} weights for {expected} columns; they are left alone.");
        return [];
    }

    /// <summary>Whether a type gives garbage without importance; for a table or the output it is merely poor.</summary>
    private bool NeedsImportance(TensorType type, TensorRole role) => role is TensorRole.TokenEmbedding or TensorRole.Output
        ? TensorFormats.Of(type).Encoder is { NeedsImportance: true }
        : type is TensorType.IQ3_XXS or TensorType.IQ2_XXS or TensorType.IQ2_XS or TensorType.IQ2_S or TensorType.IQ1_M or TensorType.IQ1_S
            || (type == TensorType.Q2_K && FileType.NeedsImportance);

    private void AddNotes()
    {
        _notes.AddRange(FallbackTypes.Notes(Tensors.Select(t => (t.Name, t.Wanted, t.Type, t.Source.Dimensions[0]))));
        foreach (var group in Tensors.Where(t => _unknown.ContainsKey(t.Name)).GroupBy(t => _unknown[t.Name]))
        {
            _notes.Add($"{FallbackTypes.Names([.. group.Select(t => t.Name)])}: the importance matrix is zero for {group.Key.Unknown} of "
                + $"{group.Key.Groups} groups of columns that share a scale, which says nothing; they count alike.");
        }

        var uncovered = Tensors.Where(t => !t.IsCopied && t.Importance.IsEmpty && t.Type.IsQuantized
            && t.Role is not (TensorRole.TokenEmbedding or TensorRole.Output)).ToList();
        if (uncovered.Count > 0 && Tensors.Any(t => !t.Importance.IsEmpty))
        {
            var names = FallbackTypes.Names(uncovered.ConvertAll(t => t.Name));
            _notes.Add($"{names}: the importance matrix has no weights for {(uncovered.Count == 1 ? "it" : "them")}.");
        }
    }
}
