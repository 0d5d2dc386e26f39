namespace ArchGen.Tools.Scaffolding;

/// <summary>What the catalog knows of names of checkpoints: the tensor that a module's name usually stands for, and its shape.</summary>
internal sealed class KnownTensors
{
    private static readonly string[] Roots = ["model.", "transformer.", "language_model.", "bert.", "roberta.", "encoder.", "decoder."];

    private readonly Dictionary<string, List<(string Architecture, TensorName Tensor)>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TensorName>> _byLocal = new(StringComparer.Ordinal);

    public KnownTensors(IEnumerable<ArchitectureInfo> catalog)
    {
        foreach (var architecture in catalog)
        {
            foreach (var listed in architecture.Tensors)
            {
                var tensor = listed with { Shape = listed.Shape.Trim('[', ']') };
                foreach (var name in tensor.HuggingFace)
                {
                    Add(_byName, Bare(name), (architecture.Name, tensor));
                    Add(_byLocal, Local(name), tensor);
                }
            }
        }
    }

    /// <summary>A name without the module that holds the model.</summary>
    public static string Bare(string name)
    {
        foreach (var root in Roots)
            if (name.StartsWith(root, StringComparison.Ordinal)) return Bare(name[root.Length..]);
        return name;
    }

    /// <summary>The tensors that may be meant: those of an architecture first, then those of others, the most frequent first.</summary>
    public IEnumerable<TensorName> Of(TensorPattern pattern, string architecture)
    {
        var named = _byName.GetValueOrDefault(Bare(pattern.Name), []);
        var others = _byLocal.GetValueOrDefault(Local(pattern.Name), []);
        return named.Where(n => n.Architecture == architecture).Select(n => n.Tensor)
            .Concat(named.Select(n => n.Tensor).Concat(others).GroupBy(t => (t.Gguf, t.Shape)).OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key.Gguf, StringComparer.Ordinal).ThenBy(g => g.Key.Shape, StringComparer.Ordinal).Select(g => g.First()));
    }

    private static string Local(string name) => name.IndexOf("{i}.", StringComparison.Ordinal) is >= 0 and var at ? "{i}." + name[(at + 4)..] : Bare(name);

    private static void Add<T>(Dictionary<string, List<T>> table, string key, T value)
    {
        if (!table.TryGetValue(key, out var list)) table.Add(key, list = []);
        list.Add(value);
    }
}
