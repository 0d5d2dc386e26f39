using System.Text;

namespace ArchGen;

/// <summary>Compares the tensors that a model expects with those of a file, and reports all differences together.</summary>
/// <param name="source">The file.</param>
/// <param name="ignored">The patterns of tensors that the model does not use.</param>
/// <param name="prefixes">What the names of the tensors begin with that it is about; null for all.</param>
internal sealed class TensorLedger(IModelSource source, IReadOnlyList<IgnoredTensorsAttribute> ignored, IReadOnlyList<string>? prefixes = null)
{
    private readonly List<IgnoredTensorsAttribute> _ignored = [.. ignored];
    private readonly Dictionary<string, long[]> _expected = new(StringComparer.Ordinal);
    private readonly List<(string Name, long[] Dims)> _missing = [];
    private readonly List<(string Name, long[] Expected, long[] Found)> _misshapen = [];

    /// <summary>The tensors that the model expects, and their dimensions, slowest first.</summary>
    public IReadOnlyDictionary<string, long[]> Expected => _expected;

    /// <summary>Required tensors that the file lacks.</summary>
    public IReadOnlyList<(string Name, long[] Dims)> Missing => _missing;

    /// <summary>Tensors of another shape than expected.</summary>
    public IReadOnlyList<(string Name, long[] Expected, long[] Found)> Misshapen => _misshapen;

    /// <summary>Adds a tensor that the model expects.</summary>
    public void Expect(string name, long[] dims, long[]? found, bool required)
    {
        _expected[name] = dims;
        if (found is null && required) _missing.Add((name, dims));
        else if (found is not null && !IsSame(dims, found)) _misshapen.Add((name, dims, found));
    }

    /// <summary>Unexpected tensors of the file. Companions of quantized weights do not count.</summary>
    public IReadOnlyList<string> Extra() => [.. source.TensorNames.Where(name => !_expected.ContainsKey(name) && !IsCompanion(name) && !IsIgnored(name)
        && (prefixes is null || prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))))];

    /// <summary>Whether there is no difference.</summary>
    public bool IsComplete => _missing.Count + _misshapen.Count == 0 && Extra().Count == 0;

    /// <summary>A ledger of some of the file's blocks alone, which the model may do without.</summary>
    public TensorLedger Of(IReadOnlyList<string> blocks) => new(source, ignored, blocks);

    /// <summary>Takes over the tensors of a ledger that has found all of them.</summary>
    public void Include(TensorLedger blocks)
    {
        foreach (var (name, dims) in blocks._expected) _expected[name] = dims;
    }

    /// <summary>Adds a pattern of tensors that the model does not use, and the reason.</summary>
    public void Ignore(string pattern, string reason) => _ignored.Add(new IgnoredTensorsAttribute(pattern, reason));

    /// <summary>Ignored tensors of the file, and the declared reasons.</summary>
    public IReadOnlyList<(string Name, string Reason)> Unused() =>
        [.. source.TensorNames.Where(name => !_expected.ContainsKey(name) && IsIgnored(name)).Select(name => (name, Find(name)!.Reason))];

    /// <summary>Whether the model ignores a tensor of this name.</summary>
    public bool IsIgnored(string name) => Find(name) is not null;

    private IgnoredTensorsAttribute? Find(string name)
    {
        foreach (var candidate in _ignored)
        {
            if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(candidate.Pattern, name, ignoreCase: false)) return candidate;
        }

        return null;
    }

    /// <summary>The report of all differences, or null.</summary>
    public string? Report()
    {
        var extra = Extra();
        if (_missing.Count + _misshapen.Count + extra.Count == 0) return null;
        var text = new StringBuilder();
        text.Append(source.FileName).Append(": the tensors are not those of this architecture:");
        var renamed = RenamedTensors.Find(_missing.Select(m => (IReadOnlyList<string>)[m.Name]), extra);
        var paired = renamed.SelectMany(r => r.Pairs).Select(p => p.Expected).ToHashSet(StringComparer.Ordinal);
        var unexpected = extra.Where(name => !renamed.Any(r => r.Has(name)));
        var lines = renamed.Select(r => r.ToString())
            .Concat(NamePattern.Join(_missing.Where(m => !paired.Contains(m.Name)).Select(m => $"missing    {m.Name} {Text(m.Dims)}{Nearest(m.Name, extra)}")))
            .Concat(NamePattern.Join(_misshapen.Select(m => $"misshapen  {m.Name}: expected {Text(m.Expected)}, found {Text(m.Found)}")))
            .Concat(NamePattern.Join(unexpected.Select(name => $"extra      {name} {Text(source.FindTensor(name) ?? [])}")));
        foreach (var line in lines) text.Append("\n  ").Append(line);
        return text.Append("\nConvert the model again, or correct the architecture's declaration.").ToString();
    }

    /// <summary>Whether two shapes are the same but for leading dimensions of 1.</summary>
    public static bool IsSame(long[] dims, long[] found) => Trim(dims).SequenceEqual(Trim(found));

    private static bool IsCompanion(string name) =>
        name.EndsWith(".scale", StringComparison.Ordinal) || name.EndsWith(".input_scale", StringComparison.Ordinal);

    private static string Nearest(string name, IReadOnlyList<string> candidates)
    {
        var nearest = Spelling.Nearest(name, candidates);
        return nearest is null ? "" : $" (the file has {nearest})";
    }

    private static string Text(long[] dims) => $"[{string.Join(", ", dims)}]";

    // GGUF drops leading dimensions of 1.
    private static ReadOnlySpan<long> TrimSpan(long[] dims) => dims.AsSpan(Array.FindIndex(dims, d => d != 1) is var first and >= 0 ? first : dims.Length - 1);

    private static long[] Trim(long[] dims) => dims.Length == 0 ? dims : TrimSpan(dims).ToArray();
}
