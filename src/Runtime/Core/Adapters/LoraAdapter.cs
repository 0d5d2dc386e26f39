using System.Diagnostics.CodeAnalysis;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Adapters;

/// <summary>
/// A low-rank adapter (LoRA, arXiv:2106.09685) of a model: for some of its matrices W a pair A [rank, in] and B [out, rank], so that y = W x becomes
/// W x + scale * B (A x). The file stays open as long as contexts use it. Read-only: safe for concurrent use.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    internal const string SuffixA = ".lora_a", SuffixB = ".lora_b";

    private readonly GgufFile _file;
    private readonly Dictionary<string, LoraMatrices> _matrices = new(StringComparer.Ordinal);

    private LoraAdapter(GgufFile file) => _file = file;

    /// <summary>The file's name.</summary>
    public string Name => _file.Name;

    /// <summary>The names of the model's tensors that it changes.</summary>
    public IReadOnlyCollection<string> TensorNames => _matrices.Keys;

    /// <summary>Opens an adapter's file and checks it against the model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">A factor on top of the file's own scale: 1 for the adapter as it was trained, 0 for none of it.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArchGenException">It is no adapter of this model.</exception>
    public static LoraAdapter Open(string path, float scale, LoadedModel model)
    {
        var adapter = new LoraAdapter(GgufFile.Open(path));
        try
        {
            adapter.Read(scale, model);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>The matrices for a tensor of the model.</summary>
    internal bool TryGet(string tensor, [NotNullWhen(true)] out LoraMatrices? matrices) => _matrices.TryGetValue(tensor, out matrices);

    /// <summary>The file, for contexts.</summary>
    internal GgufFile File => _file;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Read(float scale, LoadedModel model)
    {
        if (!float.IsFinite(scale)) throw new RequestException($"{Name}: the scale is {scale}, expected a number.");
        Expect("general.type", "adapter");
        Expect("adapter.type", "lora");
        Expect("general.architecture", model.Architecture.Name);
        if (_file.Metadata.TryGet("adapter.alora.invocation_tokens", out _))
            throw new ModelFileException($"{Name}: the adapter is active only after certain tokens (aLoRA), which is not supported.");
        var alpha = _file.Metadata.TryGet("adapter.lora.alpha", out var value) && value.Type == GgufValueType.Float32 ? (float)value.AsDouble() : 0;
        if (!float.IsFinite(alpha)) throw new ModelFileException($"{Name}: key adapter.lora.alpha is {alpha}, expected a number. Convert the adapter again.");
        var problems = new List<string>();
        foreach (var tensor in _file.Tensors)
        {
            var name = tensor.Name;
            if (name.EndsWith(SuffixA, StringComparison.Ordinal)) Add(name[..^SuffixA.Length], tensor, alpha, scale, model.Source, problems);
            else if (!name.EndsWith(SuffixB, StringComparison.Ordinal)) problems.Add($"{name}: expected names that end with {SuffixA} or {SuffixB}");
            else if (!_file.TryGetTensor(name[..^SuffixB.Length] + SuffixA, out _)) problems.Add($"{name[..^SuffixB.Length]}{SuffixA} is missing");
        }

        if (problems.Count == 0 && _matrices.Count == 0) problems.Add("it has no tensors");
        if (problems.Count == 0) return;
        problems.Insert(0, $"the adapter does not fit {model.File.Name}:");
        throw new ModelFileException($"{Name}: {string.Join($"{Environment.NewLine}  ", problems)}");
    }

    private void Add(string name, GgufTensor a, float alpha, float scale, IModelSource source, List<string> problems)
    {
        if (!_file.TryGetTensor(name + SuffixB, out var b))
        {
            problems.Add($"{name}{SuffixB} is missing");
            return;
        }

        if (source.FindTensor(name) is not { } dims)
        {
            var nearest = Spelling.Nearest(name, source.TensorNames);
            problems.Add($"{name} is no tensor of the model{(nearest is null ? "" : $"; the nearest is {nearest}")}");
            return;
        }

        long[] aDims = [.. a.Dimensions.Reverse()], bDims = [.. b.Dimensions.Reverse()];
        var isPair = aDims.Length == dims.Length && bDims.Length == dims.Length && dims.Length is 2 or 3
            && aDims[^1] == dims[^1] && bDims.SkipLast(1).SequenceEqual(dims.SkipLast(1))
            && aDims[^2] == bDims[^1] && aDims.SkipLast(2).SequenceEqual(dims.SkipLast(2));
        if (!isPair)
            problems.Add($"{name} is [{string.Join(", ", dims)}]; A [{string.Join(", ", aDims)}] and B [{string.Join(", ", bDims)}] do not make such a matrix");
        else
            _matrices[name] = new LoraMatrices(a, b, alpha == 0 ? scale : scale * alpha / aDims[^2]);
    }

    private void Expect(string key, string expected)
    {
        var found = _file.Metadata.TryGet(key, out var value) && value.Type == GgufValueType.String ? value.AsString() : null;
        if (found == expected) return;
        throw new ModelFileException($"{Name}: key {key} is {(found is null ? "missing" : MessageText.Quote(found))}, expected \"{expected}\". "
            + (key == "general.architecture" ? "The adapter is of another model." : "Convert an adapter with 'archgen convert-lora'."));
    }
}

/// <summary>The addend of a matrix: scale * B A.</summary>
/// <param name="A">[rank, in], or [experts, rank, in].</param>
/// <param name="B">[out, rank], or [experts, out, rank].</param>
/// <param name="Scale">The factor.</param>
internal sealed record LoraMatrices(GgufTensor A, GgufTensor B, float Scale)
{
    public int Rank => (int)A.Dimensions[1];
}
