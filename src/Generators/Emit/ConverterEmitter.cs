using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes the converter: where the keys of a file come from in config.json, and which tensors are laid out anew.</summary>
internal static class ConverterEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var conversion = model.Conversion;
        var w = Frame.Begin(model, "its converter.");
        w.OpenNamespace(model);
        w.OpenClass(model, model.Root);
        w.Line("/// <summary>How its checkpoints become files.</summary>");
        w.Line("private static ConversionInfo Conversion => new(");
        w.Line($"    RopeKind.{conversion.Rope},");
        w.Line("    [");
        foreach (var key in conversion.Keys) w.Line($"        new({Literal(key.Key)}, {Literal(key.Type)}, {Literal(key.Source)}){Rest(key)},");
        w.Line("    ],");
        Notes(w, conversion.Fixed, ",");
        Notes(w, conversion.IgnoredKeys, ",");
        Notes(w, conversion.IgnoredWeights, ",");
        var ends = conversion.Defaults.Count + conversion.Trained.Count == 0;
        Notes(w, conversion.Matrices, ends ? ");" : ")");
        if (!ends)
        {
            w.Line("{");
            Defaults(w, conversion.Defaults);
            Trained(w, conversion.Trained);
            w.Line("};");
        }

        var made = Made(model).ToList();
        // A variant that makes no tensor anew does not make those of its base anew either.
        if (made.Count > 0 || model.Bases.Count > 0)
        {
            w.Line();
            w.Line("/// <inheritdoc/>");
            w.Line("protected override Weights Convert(string tensor, Weights weights) => tensor switch");
            w.Line("{");
            foreach (var (name, from) in made) w.Line($"    {Literal(name)} => {Make(from)},");
            w.Line("    _ => weights,");
            w.Line("};");
        }

        w.CloseClass(model, model.Root);
        return w.ToString();
    }

    /// <summary>The C# that makes a tensor from <c>weights</c>, the checkpoint's.</summary>
    private static string Make(TensorSource source) => source switch
    {
        MethodSource method => $"{method.Method}(weights)",
        RowsSource rows => $"weights.Rows({(rows.Before.Count == 0 ? "0" : string.Join(" + ", rows.Before.Select(Rows)))}, {Rows(rows.Count)})",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "A source without a notation."),
    };

    private static string Rows(Expression count) => $"({count.ToCSharp()})";

    private static string Rest(ConfigKeyModel key)
    {
        var rest = new[] { ("For", key.For), ("Unless", key.Unless), ("Values", key.Values) }.Where(p => p.Item2 is not null)
            .Select(p => $"{p.Item1} = {Literal(p.Item2!)}").ToList();
        if (key.Method is not null) rest.Add($"Method = config => {key.Method}(config)");
        if (key.FirstDiffers) rest.Add("FirstDiffers = true");
        if (key.AsList) rest.Add("AsList = true");
        return rest.Count == 0 ? "" : $" {{ {string.Join(", ", rest)} }}";
    }

    private static void Defaults(SourceWriter w, EquatableArray<ConfigDefaultsModel> defaults)
    {
        if (defaults.Count == 0) return;
        w.Line("    Defaults =");
        w.Line("    [");
        foreach (var group in defaults)
        {
            var values = string.Join(", ", group.Values.Select(v => $"({Literal(v.Name)}, {Literal(v.Text)})"));
            w.Line($"        new([{string.Join(", ", group.Classes.Select(Literal))}], {(group.With is null ? "null" : Literal(group.With))}, [{values}]),");
        }

        w.Line("    ],");
    }

    private static void Trained(SourceWriter w, EquatableArray<TrainedKeyModel> keys)
    {
        if (keys.Count == 0) return;
        w.Line("    Trained =");
        w.Line("    [");
        foreach (var key in keys) w.Line($"        new({Literal(key.Key)}, {Literal(key.Type)}, {Literal(key.Tensor)}),");
        w.Line("    ],");
    }

    private static void Notes(SourceWriter w, EquatableArray<NoteModel> notes, string end)
    {
        if (notes.Count == 0)
        {
            w.Line("    []" + end);
            return;
        }

        w.Line("    [");
        foreach (var note in notes) w.Line($"        ({Literal(note.Name)}, {Literal(note.Text)}),");
        w.Line("    ]" + end);
    }

    /// <summary>What is laid out anew: a module's weight and bias, of a layer norm the weight alone.</summary>
    private static string Made(TensorModel tensor) => tensor.Type == "LayerNorm" ? tensor.Name + ".weight" : tensor.Name;

    /// <summary>The tensors that are laid out anew, by name without suffix; of kinds of block that share a name, the first speaks for all.</summary>
    private static IEnumerable<(string Name, TensorSource From)> Made(ArchitectureModel model)
    {
        if (model.HasErrors) return [];
        var inBlocks = model.Root.Lists.SelectMany(l => l.Kinds.SelectMany(k => k.Tensors.Select(t => (Name: l.Prefix + "." + Made(t), t.From))));
        var trained = model.Conversion.Trained.Select(k => (Name: k.Key, From: k.From is null ? null : (TensorSource)new MethodSource(k.From)));
        return model.Root.Tensors.Select(t => (Name: Made(t), t.From)).Concat(inBlocks).Concat(trained).Where(t => t.From is not null)
            .GroupBy(t => t.Name, StringComparer.Ordinal).Select(g => (g.Key, g.First().From!));
    }
}
