using System.Globalization;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Adapters;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Adapters;

/// <summary>
/// The conversion of a PEFT adapter (arXiv:2106.09685) to a GGUF adapter file: for each adapted matrix W its <c>.lora_a</c> [rank, in] and <c>.lora_b</c>
/// [out, rank], W + alpha / rank * B A. The architecture's conversions of the rows of W are applied to those of B.
/// </summary>
public sealed class LoraConversion
{
    private const string Prefix = "base_model.model.", SuffixA = ".lora_A.weight", SuffixB = ".lora_B.weight", OutputTensor = "output.weight";

    private LoraConversion(GgufMetadata metadata, IReadOnlyList<ConvertedTensor> tensors, IReadOnlyList<string> log) =>
        (Metadata, Tensors, Log) = (metadata, tensors, log);

    /// <summary>The file's keys.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The file's tensors.</summary>
    public IReadOnlyList<ConvertedTensor> Tensors { get; }

    /// <summary>Lines that a user should see.</summary>
    public IReadOnlyList<string> Log { get; }

    /// <summary>Plans the conversion of an adapter.</summary>
    /// <param name="adapter">The adapter's folder, opened.</param>
    /// <param name="architecture">The base model's architecture.</param>
    /// <param name="model">The base model, loaded.</param>
    /// <param name="baseSource">The base model's tensors.</param>
    /// <param name="type">The type of the matrices.</param>
    /// <param name="ignoredConfig">Keys of adapter_config.json to ignore, known or not.</param>
    /// <exception cref="ArchGenException">The adapter does not fit the base model, or has a setting that adapter files cannot state.</exception>
    public static LoraConversion Create(
        Checkpoint adapter, ArchitectureInfo architecture, Model model, IModelSource baseSource, TensorType type, IReadOnlyList<string> ignoredConfig)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        if (!adapter.IsAdapter)
        {
            throw new ModelFileException(
                $"{adapter.Folder} is a model's checkpoint, expected an adapter: adapter_config.json and adapter_model.safetensors. "
                + "Convert a model with 'archgen convert DIR'.");
        }

        var place = Path.Combine(adapter.Folder, "adapter_config.json");
        var config = new LoraConfig(adapter.Config, place, ignoredConfig);
        var modules = Modules(adapter);
        var metadata = new GgufMetadata(adapter.Folder);
        var stored = modules.ToDictionary(m => m.Key + ".weight", m => config.IsFanInFanOut ? m.Value.B.Transposed() : m.Value.B, StringComparer.Ordinal);
        var source = new CheckpointSource(adapter.Folder, stored, architecture, model, metadata, new Dictionary<string, float[]>());
        source.OrderRotaryPairs();

        var byTensor = modules.Values.ToDictionary(m => m.B.Sources.Single(), StringComparer.Ordinal);
        var (pairs, problems, used) = (new List<Pair>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var name in baseSource.TensorNames.Where(n => n.EndsWith(".weight", StringComparison.Ordinal)))
        {
            if (source.Find(name) is not { } found) continue;
            var b = source.Finish(name, found);
            var parts = b.Sources.Select(s => byTensor[s]).ToList();
            used.UnionWith(parts.Select(p => p.Name));
            var a = parts.Count == 1 && b.Shape.Count == 2 ? parts[0].A : b.Shape.Count == 3 ? Weights.StackedAsNew([.. parts.Select(p => p.A)]) : null;
            var dims = baseSource.FindTensor(name)!;
            if (a is null) problems.Add(Separate(name, parts));
            else if (!Fits(a, b, dims)) problems.Add(Misfit(name, dims, a, b, found.Steps));
            else pairs.Add(new Pair(name, a, b, config.ScaleOf(parts[0].Name, parts[0].A.Shape[0]) * parts[0].A.Shape[0]));
        }

        var places = source.TensorNames.SelectMany(name => source.Find(name)!.Sources.Select(s => (byTensor[s].Name, Tensor: name)))
            .ToLookup(p => p.Name, p => p.Tensor);
        problems.AddRange(modules.Keys.Where(m => !used.Contains(m)).Select(m => Unknown(m, architecture, places[m].FirstOrDefault())));
        if (problems.Count > 0) throw Refusal(adapter, $"the adapter does not fit {architecture.Name}:", problems);

        var log = new List<string>();
        var alpha = Alpha(pairs, config, log);
        Describe(metadata, adapter, architecture, alpha);
        return new LoraConversion(metadata, [.. pairs.SelectMany(p => Convert(p, alpha, type))], log);
    }

    private static string Separate(string name, IEnumerable<Module> parts) =>
        $"{name} is made of {string.Join(" and ", parts.Select(p => p.Name))}, which have adapters of their own; no adapter of the whole has their rank";

    private static string Misfit(string name, long[] dims, Weights a, Weights b, IEnumerable<string> steps) =>
        $"{name} [{Text(dims)}]: the adapter's B A is {Text([.. b.Shape])} by {Text([.. a.Shape])}; "
        + $"the adapter is of another base model, or the matrix changes its columns too ({string.Join(", ", steps)})";

    private static ArchGenException Refusal(Checkpoint adapter, string summary, IEnumerable<string> problems) =>
        new($"{adapter.Folder}: {string.Join($"{Environment.NewLine}  ", problems.Prepend(summary))}");

    /// <summary>The adapted modules, by their names in the base's checkpoint.</summary>
    private static Dictionary<string, Module> Modules(Checkpoint adapter)
    {
        var (a, b) = (new Dictionary<string, Weights>(StringComparer.Ordinal), new Dictionary<string, Weights>(StringComparer.Ordinal));
        var problems = new List<string>();
        foreach (var tensor in adapter.Tensors)
        {
            var name = tensor.Name.StartsWith(Prefix, StringComparison.Ordinal) ? tensor.Name[Prefix.Length..] : tensor.Name;
            if (tensor.Shape.Count == 2 && name.EndsWith(SuffixA, StringComparison.Ordinal)) a[name[..^SuffixA.Length]] = new CheckpointWeights(tensor);
            else if (tensor.Shape.Count == 2 && name.EndsWith(SuffixB, StringComparison.Ordinal)) b[name[..^SuffixB.Length]] = new CheckpointWeights(tensor);
            else problems.Add($"{tensor}: only matrices *{SuffixA} and *{SuffixB} can be converted");
        }

        problems.AddRange(a.Keys.Except(b.Keys).Select(m => $"{m}{SuffixB} is missing"));
        problems.AddRange(b.Keys.Except(a.Keys).Select(m => $"{m}{SuffixA} is missing"));
        problems.AddRange(a.Keys.Intersect(b.Keys).Where(m => a[m].Shape[0] != b[m].Shape[1])
            .Select(m => $"{m}: A is [{Text([.. a[m].Shape])}] and B [{Text([.. b[m].Shape])}]; their ranks differ"));
        if (a.Count == 0) problems.Add($"there is no *{SuffixA}");
        if (problems.Count > 0) throw Refusal(adapter, "the adapter's tensors cannot be converted:", problems);
        return a.Keys.Order(StringComparer.Ordinal).ToDictionary(m => m, m => new Module(m, a[m], b[m]), StringComparer.Ordinal);
    }

    private static bool Fits(Weights a, Weights b, long[] dims) =>
        dims.Length == b.Shape.Count && a.Shape[^1] == dims[^1] && b.Shape.SkipLast(1).SequenceEqual(dims.SkipLast(1)) && a.Shape[^2] == b.Shape[^1];

    /// <summary>The message about a module that has no tensor in the base model: it is not declared, or this base lacks it.</summary>
    private static string Unknown(string module, ArchitectureInfo architecture, string? tensor)
    {
        if (tensor is not null)
        {
            return tensor == OutputTensor
                ? $"{module} is tied to the embedding table: the base model has no {tensor} of its own, and an adapted embedding table is not supported. "
                    + $"Train the adapter without {module}"
                : $"{module} is {tensor} of {architecture.Name}, and this base model has none";
        }

        var names = architecture.Tensors.SelectMany(t => t.HuggingFace)
            .Select(h => h.EndsWith(".weight", StringComparison.Ordinal) ? h[..^".weight".Length] : h);
        var nearest = Spelling.Nearest(NamePattern.Of(module), names);
        return $"{module} is no matrix of {architecture.Name}{(nearest is null ? "" : $"; the nearest is {nearest}")}";
    }

    /// <summary>The file's alpha: that of all matrices if they have the same, so that only the key states it; otherwise the configuration's.</summary>
    private static double Alpha(List<Pair> pairs, LoraConfig config, List<string> log)
    {
        if (pairs.Any(p => p.Alpha != pairs[0].Alpha))
        {
            log.Add("Matrices have scales of their own; the file has one, so B carries the rest.");
            return config.Alpha;
        }

        if (pairs[0].Alpha != config.Alpha)
        {
            log.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"adapter.lora.alpha = {(float)pairs[0].Alpha} in place of {config.Alpha}: the adapter is rank-stabilized, and files scale by alpha / rank."));
        }

        return pairs[0].Alpha;
    }

    private static void Describe(GgufMetadata metadata, Checkpoint adapter, ArchitectureInfo architecture, double alpha)
    {
        metadata["general.architecture"] = GgufValue.From(architecture.Name);
        metadata["general.type"] = GgufValue.From("adapter");
        metadata["adapter.type"] = GgufValue.From("lora");
        metadata["general.name"] = GgufValue.From(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(adapter.Folder))));
        metadata["adapter.lora.alpha"] = GgufValue.From((float)alpha);
        metadata["general.quantization_version"] = GgufValue.From(2u);
    }

    private static IEnumerable<ConvertedTensor> Convert(Pair pair, double alpha, TensorType type)
    {
        var factor = (float)(pair.Alpha / alpha);
        var b = factor == 1 ? pair.B : pair.B.Times(factor);
        return new[] { (Name: pair.Name + LoraAdapter.SuffixA, Weights: pair.A), (Name: pair.Name + LoraAdapter.SuffixB, Weights: b) }
            .Select(t => new ConvertedTensor(t.Name, t.Weights.Shape[^1] % type.BlockSize == 0 ? type : TensorType.F32, [.. t.Weights.Shape], t.Weights));
    }

    private static string Text(long[] dims) => string.Join(", ", dims);

    private sealed record Module(string Name, Weights A, Weights B);

    /// <summary>An adapted tensor of the file; alpha is its scale times its rank.</summary>
    private sealed record Pair(string Name, Weights A, Weights B, double Alpha);
}
