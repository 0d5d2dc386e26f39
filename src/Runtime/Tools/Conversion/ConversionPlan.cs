using System.IO.Enumeration;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Graphs;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Conversion;

/// <summary>A tensor of the file to be, and the weights that it is made of.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Type">Its tensor type in the file.</param>
/// <param name="Dims">The dimensions, slowest first.</param>
/// <param name="Weights">Its values, made from the tensors of the checkpoint when they are read.</param>
public sealed record ConvertedTensor(string Name, TensorType Type, IReadOnlyList<long> Dims, Weights Weights);

/// <summary>
/// All of a conversion but the writing: the architecture, the file's keys and its tensors, checked against the declaration. All tensors that are missing,
/// extra or misshapen are reported in one message.
/// </summary>
public sealed class ConversionPlan
{
    private readonly List<string> _log = [];
    private readonly TensorRoles _roles;

    private ConversionPlan(Checkpoint checkpoint, ArchitectureInfo architecture, string className, GgufMetadata metadata)
    {
        (Checkpoint, Architecture, Class, Metadata) = (checkpoint, architecture, className, metadata);
        Model = architecture.Create();
        _roles = new TensorRoles(architecture);
    }

    /// <summary>The checkpoint that is converted.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The architecture.</summary>
    public ArchitectureInfo Architecture { get; }

    /// <summary>The class of transformers that the checkpoint names.</summary>
    public string Class { get; }

    /// <summary>The model, loaded from the checkpoint: it can be evaluated.</summary>
    public Model Model { get; }

    /// <summary>The checkpoint as the model's file.</summary>
    public CheckpointSource Source { get; private set; } = null!;

    /// <summary>The file's keys.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The file's tensors.</summary>
    public IReadOnlyList<ConvertedTensor> Tensors { get; private set; } = [];

    /// <summary>The checkpoint's tensors that are not used, and why.</summary>
    public IReadOnlyList<(string Name, string Reason)> Unused { get; private set; } = [];

    /// <summary>Lines that a user should see.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Plans the conversion of a checkpoint.</summary>
    /// <exception cref="ModelFileException">The class is not declared, or config, tokenizer or tensors are not as its declaration needs them.</exception>
    public static ConversionPlan Create(Checkpoint checkpoint, IReadOnlyList<ArchitectureInfo> architectures, ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentNullException.ThrowIfNull(options);
        if (checkpoint.IsAdapter)
        {
            throw new ModelFileException(
                $"{checkpoint.Folder} is an adapter, expected the checkpoint of a model. Convert an adapter with 'archgen convert-lora DIR --base MODEL'.");
        }

        var config = new CheckpointConfig(checkpoint.Config, Path.Combine(checkpoint.Folder, checkpoint.IsMeta ? "params.json" : "config.json"));
        var className = config.Class ?? throw new ModelFileException($"{config.Place}: architectures is missing; it names the class of the model. Add it.");
        var architecture = Find(className, architectures, config);
        config.Complete(architecture.Conversion.Defaults, className);
        var plan = new ConversionPlan(checkpoint, architecture, className, new GgufMetadata(checkpoint.Folder));
        plan.Build(config, options);
        return plan;
    }

    private static ArchitectureInfo Find(string className, IReadOnlyList<ArchitectureInfo> architectures, CheckpointConfig config)
    {
        if (architectures.FindClass(className) is { } found) return found;
        var nearest = Spelling.Nearest(className, architectures.SelectMany(a => a.HuggingFaceClasses));
        throw new ModelFileException($"{config.Place}: the class {className} is not declared{(nearest is null ? "" : $"; the nearest that is: {nearest}")}. "
            + "'archgen architectures' lists all; docs/adding-an-architecture.md describes how to declare one.");
    }

    private void Build(CheckpointConfig config, ConversionOptions options)
    {
        var type = options.Type ?? (Checkpoint.Tensors.FirstOrDefault(t => t.Shape.Count > 1)?.Type == CheckpointType.F16 ? TensorType.F16 : TensorType.BF16);
        var general = new GeneralMetadata(Checkpoint, Architecture);
        general.AddHead(Metadata, options);
        var translator = new HyperParameterTranslator(Architecture, config, Class);
        translator.Translate(Metadata, options.IgnoredConfig);
        _log.AddRange(translator.Log);
        general.AddPooling(Metadata, _log.Add);
        var isTypeKnown = options.Type is not null || !Checkpoint.IsWithoutWeights;
        if (isTypeKnown && !Architecture.Conversion.Keys.Any(k => k is { Key: "general.file_type", Source: "none" }))
        {
            var stored = Checkpoint.Tensors.Any(t => t.Type == CheckpointType.Mxfp4) ? TensorType.MXFP4 : type;
            Metadata["general.file_type"] = GgufValue.From(OutputTypes.FileType(stored));
        }

        if (!Checkpoint.IsMeta) Metadata["general.quantization_version"] = GgufValue.From(2u);
        general.AddTokenizer(Metadata, config, options, _log.Add);
        foreach (var (key, value) in options.Metadata) Metadata[key] = value;
        CheckNumbers();
        if (Checkpoint.IsWithoutWeights) return;

        Source = new CheckpointSource(
            Checkpoint.Folder, Checkpoint.Tensors.ToDictionary(t => t.Name, Weights (t) => new CheckpointWeights(t), StringComparer.Ordinal), Architecture,
            Model, Metadata, translator.RopeFactors)
        { MissingKey = (key, expected) => Missing(config, key, expected) };
        var trained = new TrainedKeys(Architecture, Source).AddTo(Metadata);
        CheckNumbers();
        Model.Converted = config;
        var ledger = ModelLoader.Bind(Model, Source);
        Unused = new CheckpointDifference(Checkpoint, Architecture, Class, Source, ledger, trained).Check(config);
        if (!Checkpoint.IsMeta) Source.OrderRotaryPairs();
        if (options.VocabOnly) return;
        Tensors = [.. Source.TensorNames.Where(ledger.Expected.ContainsKey).Select(name => Plan(name, ledger.Expected[name], type))];
        var narrowed = Tensors.Where(t => t.Type is not (TensorType.F32 or TensorType.MXFP4));
        _log.AddRange(FallbackTypes.Notes(narrowed.Select(t => (t.Name, type, t.Type, t.Dims[^1]))));
    }

    /// <summary>Refuses numbers that no reader can use: infinities, such as a number of the checkpoint that is too large for its type, and NaN.</summary>
    private void CheckNumbers()
    {
        foreach (var (key, value) in Metadata)
        {
            var numbers = value.Type is GgufValueType.Float32 or GgufValueType.Float64 ? [(float)value.AsDouble()]
                : value.IsArray && value.ElementType is GgufValueType.Float32 or GgufValueType.Float64 ? value.AsSingles() : [];
            foreach (var number in numbers)
            {
                if (float.IsFinite(number)) continue;
                throw new ModelFileException(FormattableString.Invariant(
                    $"{Checkpoint.Folder}: {key} would be {number}, expected finite numbers. Correct the file it comes from."));
            }
        }
    }

    /// <summary>The error about a key that the model needs and config.json does not have, with the names that config.json has for it.</summary>
    private ModelFileException Missing(CheckpointConfig config, string key, string expected)
    {
        if (Architecture.Conversion.Trained.FirstOrDefault(k => HyperParameterReader.FullKey(Architecture.Name, k.Key) == key) is { } trained)
        {
            var tensors = trained.Tensor.Replace("|", " or ", StringComparison.Ordinal);
            return new ModelFileException(
                $"{Checkpoint.Folder}: the tensor {tensors} is missing, the value of {key}, expected {expected}. Download the checkpoint again.");
        }

        var found = Architecture.Conversion.Keys
            .FirstOrDefault(k => (k.For is null || k.For == Class) && HyperParameterReader.FullKey(Architecture.Name, k.Key) == key);
        var source = found is { Method: null } ? found.Source : null;
        var names = source is null ? $"what {key} says" : string.Join(" or ", source.Split('|').Select(name => name.Trim()));
        return new ModelFileException($"{config.Place}: {names} is missing, expected {expected}; {Class} has no default for it. Add it to the file.");
    }

    private ConvertedTensor Plan(string name, long[] dims, TensorType wanted)
    {
        var weights = Source.Finish(name, Source.Find(name)!);
        if (!weights.Shape.SequenceEqual(dims)) weights = weights.Reshaped(dims);
        return new ConvertedTensor(name, OutputTypes.Of(dims, weights.Storage, wanted, IsMatrix(name)), dims, weights);
    }

    private bool IsMatrix(string name) => _roles[name] != TensorRole.Parameter
        || Architecture.Conversion.Matrices.Any(m => FileSystemName.MatchesSimpleExpression(m.Pattern, name, ignoreCase: false));
}
