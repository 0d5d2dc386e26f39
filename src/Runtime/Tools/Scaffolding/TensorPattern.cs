using System.Globalization;
using ArchGen.Gguf.Checkpoints;

namespace ArchGen.Tools.Scaffolding;

/// <summary>The tensors of a checkpoint that have one name but for the numbers of layer and expert.</summary>
/// <param name="Name">The name, with <c>{i}</c> for the layer and <c>{e}</c> for the expert.</param>
/// <param name="Shapes">
/// The shape in each layer that has the tensor, slowest dimension first; outside of layers the one of layer -1. Experts are stacked: their number comes first.
/// </param>
public sealed record TensorPattern(string Name, IReadOnlyDictionary<int, IReadOnlyList<long>> Shapes)
{
    private const int MaxLayers = 10_000, MaxExperts = 100_000;

    private static readonly string[] Endings = [".weight", ".bias"];

    /// <summary>Whether a layer has it.</summary>
    public bool IsInLayer => Name.Contains("{i}", StringComparison.Ordinal);

    /// <summary>Whether each expert has one.</summary>
    public bool IsOfExpert => Name.Contains("{e}", StringComparison.Ordinal);

    /// <summary>The number of dimensions.</summary>
    public int Rank => Shapes.Values.First().Count;

    /// <summary>The name without <c>.weight</c> or <c>.bias</c>: that of the module.</summary>
    public string Module => Name[..^Ending.Length];

    /// <summary><c>.weight</c>, <c>.bias</c>, or nothing for a parameter that is no module.</summary>
    public string Ending => Endings.FirstOrDefault(ending => Name.EndsWith(ending, StringComparison.Ordinal)) ?? "";

    /// <summary>The name behind the layer's number, or the whole.</summary>
    public string Local => IsInLayer ? Name[(Name.IndexOf("{i}", StringComparison.Ordinal) + 4)..] : Name;

    /// <summary>The name before the layer's number, with it: <c>model.layers.{i}</c>; empty outside of layers.</summary>
    public string Prefix => IsInLayer ? Name[..(Name.IndexOf("{i}", StringComparison.Ordinal) + 3)] : "";

    /// <summary>The patterns of a checkpoint, in the order of their first tensors.</summary>
    public static IReadOnlyList<TensorPattern> Of(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var found = new OrderedDictionary<string, SortedDictionary<int, (IReadOnlyList<long> Shape, int Experts)>>(StringComparer.Ordinal);
        foreach (var tensor in checkpoint.Tensors)
        {
            var (name, layer, expert) = Parse(tensor.Name);
            if (!found.TryGetValue(name, out var layers)) found.Add(name, layers = []);
            var experts = Math.Max(layers.GetValueOrDefault(layer).Experts, expert + 1);
            layers[layer] = (tensor.Shape, experts);
        }

        return [.. found.Select(p => new TensorPattern(p.Key, p.Value.ToDictionary(l => l.Key, l => Stacked(l.Value.Shape, l.Value.Experts))))];
    }

    private static IReadOnlyList<long> Stacked(IReadOnlyList<long> shape, int experts) => experts > 0 ? [experts, .. shape] : shape;

    // The first number is the layer's, if a name follows it: scales.0 and norms.0.weight are in lists of something else. A second one is an expert's only
    // behind a word that says so: T5 numbers the parts of a layer.
    private static (string Name, int Layer, int Expert) Parse(string name)
    {
        var parts = name.Split('.');
        var (layer, expert) = (-1, -1);
        var last = Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) ? parts.Length - 2 : parts.Length - 1;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            if (layer < 0 && i < last) (layer, parts[i]) = (number, "{i}");
            else if (expert < 0 && i > 0 && parts[i - 1].Contains("expert", StringComparison.OrdinalIgnoreCase)) (expert, parts[i]) = (number, "{e}");
        }

        if (layer >= MaxLayers || expert >= MaxExperts)
        {
            throw new ModelFileException($"The tensor '{name}' has a layer or an expert of a higher number than can be: at most {MaxLayers} layers and "
                + $"{MaxExperts} experts are read. Check the file.");
        }

        return (string.Join('.', parts), layer, expert);
    }
}
