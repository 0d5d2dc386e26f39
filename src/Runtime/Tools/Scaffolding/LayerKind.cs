namespace ArchGen.Tools.Scaffolding;

/// <summary>Layers that have the same tensors.</summary>
/// <param name="Name">The name of its class.</param>
/// <param name="Own">The tensors that not every kind has.</param>
/// <param name="Decides">The tensor whose presence decides on the kind; null for the kind that all other layers are of.</param>
internal sealed record LayerKind(string Name, IReadOnlyList<ScaffoldedTensor> Own, ScaffoldedTensor? Decides)
{
    /// <summary>
    /// The kinds of layers, those first that a tensor of their own decides on; one kind with all tensors, of which some may be null, if there is no such
    /// order.
    /// </summary>
    public static (IReadOnlyList<ScaffoldedTensor> Common, IReadOnlyList<LayerKind> Kinds) Of(IReadOnlyList<ScaffoldedTensor> tensors, int layers)
    {
        var common = tensors.Where(t => t.Pattern.Shapes.Count == layers).ToList();
        var groups = Enumerable.Range(0, layers).Select(layer => tensors.Except(common).Where(t => t.Pattern.Shapes.ContainsKey(layer)).ToList())
            .GroupBy(set => string.Join('|', set.Select(t => t.Property + t.Shape)), StringComparer.Ordinal).Select(g => g.First()).ToList();
        if (groups.Count <= 1) return (common, [new LayerKind("Layer", [], null)]);
        var kinds = new List<LayerKind>();
        while (groups.Count > 1)
        {
            var at = groups.FindIndex(set => Deciding(set, groups) is { } tensor && IsPlaced(tensor));
            if (at < 0) at = groups.FindIndex(set => Deciding(set, groups) is not null);
            if (at < 0) return (common, [AnyLayer(tensors, common)]);
            kinds.Add(new LayerKind(NameOf(groups[at], kinds), groups[at], Deciding(groups[at], groups)));
            groups.RemoveAt(at);
        }

        kinds.Add(new LayerKind(NameOf(groups[0], kinds), groups[0], null));
        return (common, kinds);
    }

    /// <summary>The one kind of layers of which some may lack a tensor. One property has the tensors of several sizes.</summary>
    public static LayerKind AnyLayer(IReadOnlyList<ScaffoldedTensor> tensors, IReadOnlyList<ScaffoldedTensor> common) =>
        new("Layer", [.. tensors.Except(common).DistinctBy(t => t.Property)], null);

    private static ScaffoldedTensor? Deciding(List<ScaffoldedTensor> set, List<List<ScaffoldedTensor>> groups) => set
        .Where(t => t.Type is not "Weight" && groups.TrueForAll(other => other == set || !other.Contains(t))).OrderByDescending(IsPlaced).FirstOrDefault();

    // A forward pass must use the tensor that decides.
    private static bool IsPlaced(ScaffoldedTensor tensor) => tensor.Property is "AttnQ" or "AttnQkv" or "FfnUp" or "FfnDown" or "FfnUpExps" or "FfnDownExps";

    private static string NameOf(List<ScaffoldedTensor> set, List<LayerKind> others)
    {
        var name = set.Exists(t => t.Type == "Experts") ? "MixtureLayer"
            : set.Exists(t => t.Property.StartsWith("Ssm", StringComparison.Ordinal)) ? "RecurrentLayer"
            : set.Exists(t => t.Pattern.Name.Contains("mamba", StringComparison.Ordinal)) ? "RecurrentLayer"
            : set.Exists(t => t.Pattern.Name.Contains("conv", StringComparison.Ordinal)) ? "ConvolutionLayer"
            : set.Exists(t => t.Property == "AttnQ") ? "AttentionLayer"
            : set.Exists(t => t.Property == "FfnUp") ? "DenseLayer" : "OtherLayer";
        return others.Exists(o => o.Name == name) ? $"{name}{others.Count + 1}" : name;
    }
}
