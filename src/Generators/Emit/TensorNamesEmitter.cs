using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes what is known without a file: the tensor-name map, GGUF names beside those of a Hugging Face checkpoint, and the description.</summary>
internal static class TensorNamesEmitter
{
    public static string Emit(ArchitectureModel model, IReadOnlyList<string> flat, IReadOnlyList<string> description)
    {
        var w = Frame.Begin(model, "its tensors' names.");
        w.OpenNamespace(model);
        w.OpenClass(model, model.Root, "global::ArchGen.IArchitecture");
        w.Line("/// <summary>What is known of this architecture without a file.</summary>");
        w.Line($"public static {(IsDerived(model) ? "new " : "")}ArchitectureInfo Info {{ get; }} = new(");
        w.Line($"    \"{model.Name}\", {Literal(model.Summary)},");
        w.Line($"    [{string.Join(", ", model.HuggingFaceClasses.Select(Literal))}],");
        w.Line("    static () =>");
        w.Line("    [");
        foreach (var tensor in All(model))
        {
            w.Line($"        new({Literal(tensor.Gguf)}, [{string.Join(", ", tensor.HuggingFace.Select(Literal))}], {Literal(tensor.Shape.ToString())}, "
                + $"{(tensor.Optional ? "true" : "false")}),");
        }

        w.Line("    ],");
        w.Line("    \"\"\"");
        foreach (var line in description) w.Line("    " + line);
        w.Line("    \"\"\",");
        w.Line("    static () =>");
        w.Line("    [");
        foreach (var graph in SymbolicGraph.Of(model)) OutlineEmitter.Emit(w, model, graph);
        w.Line("    ],");
        w.Line("    static () => Conversion,");
        var settings = string.Join(", ", model.Quantization.Select(s => $"{s.Property} = {s.Value.ToCSharp()}"));
        w.Line($"    static () => {(model.HasErrors ? Frame.Refusal(model) : $"new {model.ClassName}()")})");
        w.Line("{");
        if (settings.Length > 0) w.Line($"    Quantization = new() {{ {settings} }},");
        EmitFlats(w, model);
        if (flat.Count > 0)
        {
            w.Line("    Flat = \"\"\"");
            foreach (var line in flat) w.Line("        " + line);
            w.Line("        \"\"\",");
        }

        w.Line("};");
        w.CloseClass(model, model.Root);
        return w.ToString();
    }

    /// <summary>The listing of each graph beside that of the forward pass by itself.</summary>
    private static void EmitFlats(SourceWriter w, ArchitectureModel model)
    {
        var graphs = model.Root.Functions.Where(f => f is { Graph: not null, Body: not null }).ToList();
        if (graphs.Count == 0) return;
        w.Line("    FlatGraphs = new System.Collections.Generic.Dictionary<string, string>");
        w.Line("    {");
        foreach (var graph in graphs)
        {
            w.Line($"        [{Literal(graph.Graph!)}] = \"\"\"");
            foreach (var line in FlatListing.Lines(model, graph)) w.Line("            " + line);
            w.Line("            \"\"\",");
        }

        w.Line("    },");
    }

    /// <summary>
    /// Every tensor with its names in full, the model's first, then by list and kind; each name once.
    /// Presence says whether a file may lack it; Where which kinds of block have it, if not all.
    /// </summary>
    public static IEnumerable<(string Gguf, IReadOnlyList<string> HuggingFace, Shape Shape, bool Optional, string Presence, string Where)> All(
        ArchitectureModel model)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tensor, prefix, hf, where, mayLack) in Tensors(model))
        {
            foreach (var (suffix, ofTensor, shape) in Parts(tensor))
            {
                var optional = ofTensor || mayLack;
                var name = prefix + (tensor.Type == "Weight" ? tensor.Name : tensor.Name + suffix);
                if (!seen.Add(name)) continue;
                var presence = !optional ? "" : tensor.RequiredIf is null || (suffix == ".bias" && tensor.Bias == Presence.Optional) ? "optional"
                    : $"required if {tensor.RequiredIf.ToOperand()}";
                yield return (name, [.. HuggingFaceNames(hf, tensor, suffix)], shape, optional, presence, where);
            }
        }
    }

    /// <summary>Every alternative of the block's prefix with every alternative of the tensor's name.</summary>
    private static IEnumerable<string> HuggingFaceNames(EquatableArray<string> prefixes, TensorModel tensor, string suffix) =>
        from prefix in prefixes.Count == 0 ? [""] : prefixes.Select(p => p + ".")
        from name in tensor.HuggingFace
        select prefix + name + (suffix == ".bias" ? tensor.BiasEnding : tensor.WeightEnding);

    private static bool IsDerived(ArchitectureModel model) => model.Root.InheritsArchitecture;

    private static IEnumerable<(string Suffix, bool Optional, Shape Shape)> Parts(TensorModel tensor)
    {
        yield return (".weight", tensor.Optional || tensor.TiedTo is not null, tensor.Shape);
        if (tensor.Bias == Presence.None || tensor.Type == "Weight") yield break;
        yield return (".bias", tensor.Bias == Presence.Optional || tensor.Optional, tensor.Shape.Rank > 1 ? tensor.Shape.WithLast() : tensor.Shape);
    }

    private static IEnumerable<(TensorModel Tensor, string Prefix, EquatableArray<string> Hf, string Where, bool MayLack)> Tensors(ArchitectureModel model)
    {
        foreach (var tensor in model.Root.Tensors) yield return (tensor, "", default, "", false);
        foreach (var list in model.Root.Lists)
        {
            foreach (var tensor in list.Kinds.SelectMany(k => k.Tensors))
            {
                yield return (tensor, list.Prefix + ".", list.HuggingFace, Where(list, tensor), list.Optional);
            }
        }
    }

    private static string Where(BlockListModel list, TensorModel tensor)
    {
        var kinds = list.Kinds.Where(k => k.Tensors.Any(t => t.FileName == tensor.FileName)).ToList();
        return kinds.Count == list.Kinds.Count ? "" : string.Join(", ", kinds.Select(k => k.Condition is null ? "otherwise" : $"if {k.Condition.ToCSharp()}"));
    }
}
