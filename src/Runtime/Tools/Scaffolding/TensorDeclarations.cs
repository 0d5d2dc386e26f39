using System.Globalization;

namespace ArchGen.Tools.Scaffolding;

/// <summary>Chooses names, types and shapes of the tensors of a checkpoint.</summary>
internal sealed class TensorDeclarations(ShapeSolver solver, string architecture, bool hasRmsEpsilon)
{
    private HashSet<string> _modules = [];

    // Names of properties, and the pattern that has each: its parts have one name.
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>The declarations, in the order of the checkpoint.</summary>
    public IReadOnlyList<ScaffoldedTensor> Of(IReadOnlyList<TensorPattern> patterns)
    {
        _modules = [.. patterns.Select(p => p.Module)];
        var byName = patterns.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var found = new List<ScaffoldedTensor>();
        foreach (var pattern in patterns)
        {
            if (pattern.Ending == ".bias" && byName.ContainsKey(pattern.Module + ".weight")) continue;
            var bias = pattern.Ending == ".weight" ? byName.GetValueOrDefault(pattern.Module + ".bias") : null;
            foreach (var part in Parts(pattern))
            {
                var tensor = Declare(part, bias);
                if (bias is null || tensor.Type is "Linear" or "LayerNorm" or "Experts")
                {
                    found.Add(tensor);
                    continue;
                }

                // A plain weight has no bias: that one is a weight too.
                found.Add(tensor with { Bias = null });
                found.Add(Declare(bias, null));
            }
        }

        return found;
    }

    // One declaration if one shape holds in all layers; otherwise one for each size, of the layers that have it.
    private IEnumerable<TensorPattern> Parts(TensorPattern pattern)
    {
        if (pattern.Shapes.Count <= 1 || solver.Holds(pattern, solver.Solve(pattern, architecture).Text)) return [pattern];
        return pattern.Shapes.GroupBy(layer => string.Join(',', layer.Value), StringComparer.Ordinal)
            .Select(g => pattern with { Shapes = g.ToDictionary(layer => layer.Key, layer => layer.Value) });
    }

    private ScaffoldedTensor Declare(TensorPattern pattern, TensorPattern? bias)
    {
        var solved = solver.Solve(pattern, architecture);
        var type = TypeOf(pattern, bias);
        var known = solved.Known is { } tensor
            && (pattern.Ending != ".bias" || tensor.Gguf.EndsWith(".bias", StringComparison.Ordinal)) ? tensor.Gguf : null;
        var role = pattern.Ending == ".bias" ? null : RoleNames.Of(pattern.Module, _modules);
        var property = Unique(role ?? (known is null ? Identifier(pattern) : Identifier(known)), pattern);
        // A name that ends in .bias would be that of a module's bias.
        var fileName = role is null && known?.EndsWith(".bias", StringComparison.Ordinal) == false ? known
            : $"{(pattern.IsInLayer ? "blk.{i}." : "")}{Snake(property)}{(pattern.Ending == ".weight" ? pattern.Ending : "")}";
        // A block puts its own prefix before it.
        var name = type == "Weight" ? fileName.Replace("blk.{i}.", "", StringComparison.Ordinal) : null;
        return new(pattern, property, type, solved.Text, solved.IsGuess, solved.IsTransposed, bias, name);
    }

    private string TypeOf(TensorPattern pattern, TensorPattern? bias)
    {
        var module = pattern.Module[(pattern.Module.LastIndexOf('.') + 1)..];
        if (pattern.IsOfExpert || (pattern.Rank == 3 && pattern.Name.Contains("expert", StringComparison.Ordinal) && pattern.Ending != ".bias"))
            return "Experts";
        if (pattern.Ending != ".weight") return "Weight";
        if (pattern.Rank == 1 && IsNorm(module)) return bias is not null || !hasRmsEpsilon ? "LayerNorm" : "RmsNorm";
        if (pattern.Rank != 2) return "Weight";
        return !pattern.IsInLayer && (Nearest.IsEmbedding(pattern.Name) || IsTable(module)) ? "Embedding" : "Linear";
    }

    private static bool IsNorm(string module) =>
        module.Contains("norm", StringComparison.OrdinalIgnoreCase) || module.StartsWith("ln", StringComparison.Ordinal)
        || module.EndsWith("ln", StringComparison.Ordinal);

    private static bool IsTable(string module) => module is "wpe" || module.Contains("embeddings", StringComparison.Ordinal);

    // blk.{i}.attn_q.weight is AttnQ.
    private static string Identifier(string gguf)
    {
        var local = gguf.Replace("blk.{i}.", "", StringComparison.Ordinal);
        foreach (var ending in new[] { ".weight", ".bias" }) local = local.EndsWith(ending, StringComparison.Ordinal) ? local[..^ending.Length] : local;
        return ShapeSymbols.Identifier(local);
    }

    private static string Identifier(TensorPattern pattern) =>
        ShapeSymbols.Identifier((pattern.IsInLayer ? pattern.Local : pattern.Name).Replace(".{e}", "", StringComparison.Ordinal)
            .Replace(pattern.Ending.Length > 0 ? pattern.Ending : "\0", "", StringComparison.Ordinal));

    private string Unique(string name, TensorPattern pattern)
    {
        var full = !IsFree(name) || name is "Index" or "Prefix" or "Model" ? Identifier(pattern) + "Tensor" : name;
        for (var n = 2; !IsFree(full); n++) full = string.Create(CultureInfo.InvariantCulture, $"{name}{n}");
        _taken[full] = pattern.Name;
        return full;

        bool IsFree(string candidate) => !_taken.TryGetValue(candidate, out var owner) || owner == pattern.Name;
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
