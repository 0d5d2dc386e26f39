using ArchGen.Graphs;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>The tensors of a model that an importance matrix does not cover.</summary>
/// <param name="Missing">Weights of two or more dimensions without an entry, and why.</param>
/// <param name="Starved">Stacks of experts of which some saw no token: their columns count as equally important.</param>
public sealed record ImportanceCoverage(
    IReadOnlyList<(string Tensor, string Reason)> Missing, IReadOnlyList<(string Tensor, IReadOnlyList<int> Experts, int Of)> Starved)
{
    /// <summary>The reason of the tensor whose product is left out by default.</summary>
    public const string MakesLogits = "it makes the logits";

    /// <summary>Compares a matrix with the tensors of a model.</summary>
    public static ImportanceCoverage Of(ImportanceMatrix matrix, LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        var output = OutputProduct.Find(graph, model.Model.Vocab)?.Input(Slot.Weight).Name;
        var products = graph.Nodes.Where(n => n.Spec.IsProduct);
        var factors = products.Select(n => n.Input(Slot.Weight).Name).ToHashSet(StringComparer.Ordinal);
        var tables = graph.Nodes.Where(n => n.Op == Op.GetRows).Select(n => n.Input(Slot.Table).Name).ToHashSet(StringComparer.Ordinal);
        var missing = new List<(string, string)>();
        foreach (var tensor in model.File.Tensors)
        {
            if (tensor.Dimensions.Count(d => d > 1) < 2 || matrix.Entries.ContainsKey(tensor.Name)) continue;
            missing.Add((tensor.Name, tensor.Name == output ? MakesLogits
                : factors.Contains(tensor.Name) ? "nothing was multiplied with it"
                : tables.Contains(tensor.Name) ? "rows are taken from it, nothing is multiplied with it"
                : "nothing is multiplied with it as it stands in the file"));
        }

        var starved = new List<(string, IReadOnlyList<int>, int)>();
        foreach (var entry in matrix.Entries.Values)
        {
            int[] experts = [.. Enumerable.Range(0, entry.Counts.Length).Where(e => entry.Counts[e] == 0)];
            if (experts.Length > 0) starved.Add((entry.Name, experts, entry.Counts.Length));
        }

        return new(missing, starved);
    }
}
