using System.Text.RegularExpressions;
using ArchGen.Gguf.Safetensors;
using ArchGen.Graphs;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tools.Comparison;

/// <summary>
/// Compares a run with activations in a safetensors file, each named like the Hugging Face module whose output it is:
/// <c>model.layers.3.self_attn.q_proj</c>. Modules are matched through the names that the declaration gives to their tensors.
/// </summary>
public static class ActivationComparison
{
    /// <summary>Walks the nodes of a run in graph order.</summary>
    /// <param name="found">The run.</param>
    /// <param name="architecture">The names of its tensors.</param>
    /// <param name="file">The activations for the same prompt, [T, ..] or [1, T, ..].</param>
    /// <param name="tolerance">The largest NMSE that counts as agreement.</param>
    /// <exception cref="ArchGenException">No tensor of the file is the output of a module, or one has another size.</exception>
    public static ComparisonReport Compare(Trace found, ArchitectureInfo architecture, SafetensorsFile file, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(file);
        var nodes = new List<NodeComparison>();
        var skipped = 0;
        foreach (var graph in found.Graphs.All)
        {
            var modules = Modules(architecture);
            foreach (var node in graph.Nodes)
            {
                if (found.Find(graph.Name, node.Name) is not { } values) continue;
                if (FindActivation(node, modules, file) is not { } activation)
                {
                    skipped++;
                    continue;
                }

                if (activation.ElementCount != values.Length)
                {
                    var (shape, dims) = (string.Join(", ", activation.Shape), string.Join(", ", found.DimsOf(node)));
                    throw new ModelFileException($"{file.Name}: {activation.Name} has the shape [{shape}], the model's output there [{dims}]. "
                        + "Record one sequence, with the same tokens.");
                }

                nodes.Add(Compare(found, graph, node, values, activation.ToSingles(), activation.Name));
            }
        }

        if (nodes.Count == 0)
        {
            throw new ModelFileException($"{file.Name}: none of its {file.Tensors.Count} tensors is named as the output of a module of {architecture.Name}. "
                + "Name them as model.named_modules() does; docs/compare.md shows how.");
        }

        return new ComparisonReport(Path.GetFileName(file.Name), found.Name, tolerance, nodes, skipped);
    }

    /// <summary>
    /// Compares one node. A file for interleaved RoPE has the rows of query and key in another order than a checkpoint with half-split RoPE: then the
    /// reference is reordered, if that gives the smaller error.
    /// </summary>
    private static NodeComparison Compare(Trace found, Graph graph, Node node, float[] values, float[] reference, string name)
    {
        var direct = TraceComparison.Compare(found, node, values, reference, name);
        if (RotatedBy(graph, node) is not { } rope || (RopeKind)rope.Attributes.Int32(Attr.Kind) != RopeKind.Interleaved) return direct;
        var dims = found.DimsOf(rope);
        var reordered = PairsTogether(reference, dims[^1], rope.Attributes.Int32(Attr.Dims));
        return NormalizedError.Of(reordered, values) < direct.Error ? TraceComparison.Compare(found, node, values, reordered, name) : direct;
    }

    /// <summary>The rotation that reads a product's result directly, or null.</summary>
    private static Node? RotatedBy(Graph graph, Node node)
    {
        if (node.Op != Op.Linear) return null;
        var users = graph.Nodes.Where(n => n.Inputs.Contains(node)).ToList();
        while (users is [{ Op: Op.Heads } heads]) users = [.. graph.Nodes.Where(n => n.Inputs.Contains(heads))];
        return users is [{ Op: Op.Rope } rope] ? rope : null;
    }

    /// <summary>Within each head, elements i and i + dims/2 become neighbours.</summary>
    private static float[] PairsTogether(float[] values, int width, int dims)
    {
        var result = (float[])values.Clone();
        for (var head = 0; head + width <= values.Length; head += width)
        {
            for (var i = 0; i < dims / 2; i++)
            {
                result[head + (2 * i)] = values[head + i];
                result[head + (2 * i) + 1] = values[head + (dims / 2) + i];
            }
        }

        return result;
    }

    private static SafetensorsTensor? FindActivation(Node node, IReadOnlyList<(Regex Node, string[] Modules)> modules, SafetensorsFile file)
    {
        if (node.Op is not (Op.GetRows or Op.Linear or Op.RmsNorm or Op.LayerNorm)) return null;
        foreach (var (pattern, names) in modules)
        {
            var match = pattern.Match(node.Name);
            if (!match.Success) continue;
            foreach (var name in names)
            {
                var module = name.Replace("{i}", match.Groups["i"].Value, StringComparison.Ordinal);
                // Hooks on the model without its head name modules without the first word.
                var inner = module.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? module[(dot + 1)..] : module;
                if (file.TryGetTensor(module, out var tensor) || file.TryGetTensor(inner, out tensor)) return tensor;
            }
        }

        return null;
    }

    /// <summary>The node that a module's tensor belongs to, and the module's names.</summary>
    private static List<(Regex Node, string[] Modules)> Modules(ArchitectureInfo architecture) =>
    [
        .. architecture.Tensors.Where(t => t.Gguf.EndsWith(".weight", StringComparison.Ordinal) && t.HuggingFace.Count > 0).Select(t => (
            NodePattern(WithoutWeight(t.Gguf)),
            t.HuggingFace.Where(name => name.EndsWith(".weight", StringComparison.Ordinal)).Select(WithoutWeight).ToArray())),
    ];

    /// <summary>The pattern of a node's name, with the layer's number as group <c>i</c>.</summary>
    private static Regex NodePattern(string name) =>
        new("^" + Regex.Escape(name).Replace(@"\{i}", "(?<i>[0-9]+)", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);

    private static string WithoutWeight(string name) => name[..^".weight".Length];
}
