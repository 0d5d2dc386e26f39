using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>Writes the reading of hyper-parameters.</summary>
internal static class HyperParameterEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var w = Frame.Begin(model, "its hyper-parameters.");
        w.Line("//");
        foreach (var row in Frame.Table(
            [.. model.HyperParameters.Select(h => new[] { h.Name, h.Type, $"{model.Name}.{h.Key}", Presence(h), string.Join(" | ", h.HuggingFace) })]))
        {
            w.Line("// " + row);
        }

        w.OpenNamespace(model);
        w.OpenClass(model, model.Root);
        Property("ArchitectureName", $"public override string ArchitectureName => \"{model.Name}\";");
        if (model.Bases.Count > 0)
        {
            var bases = string.Join(", ", model.Bases.Select(b => $"\"{b}\""));
            Property("BaseNames", $"protected override System.Collections.Generic.IReadOnlyList<string> BaseNames => [{bases}];");
        }

        Property("RopeKind", $"public override RopeKind RopeKind => RopeKind.{model.Rope};");
        w.Line("/// <inheritdoc/>");
        w.Open("protected override void ReadHyperParameters(HyperParameterReader file)");
        if (model.HasErrors) w.Line(Frame.Refusal(model) + ";");
        else foreach (var parameter in model.HyperParameters) w.Line($"{parameter.Target} = {Read(parameter)};");
        w.Close();
        w.CloseClass(model, model.Root);
        return w.ToString();

        void Property(string name, string line)
        {
            // One that the class declares itself is reported.
            if (model.Root.Taken.Contains(name)) return;
            w.Line("/// <inheritdoc/>");
            w.Line(line);
            w.Line();
        }
    }

    private static string Presence(HyperParameterModel parameter) =>
        parameter.Type == "RopeScaling" ? "optional" : parameter.Default is null ? "required" : $"default {parameter.Default.ToFormula()}";

    private static string Read(HyperParameterModel parameter)
    {
        if (parameter.Name == "Vocab") return $"file.VocabSize(\"{parameter.Key}\")";
        if (parameter.Type == "RopeScaling") return $"file.RopeScaling(\"{parameter.Key}\")";
        if (parameter.Type == "LayerPattern") return Pattern(parameter);
        var method = parameter.Type switch
        {
            "int" => "Int32",
            "float" => "Single",
            "bool" => "Boolean",
            "string" => "Text",
            "PerLayer<int>" => "Int32PerLayer",
            "PerLayer<float>" => "SinglePerLayer",
            "PerLayer<bool>" => "BooleanPerLayer",
            var type => type,
        };
        return parameter.Default is null ? $"file.{method}(\"{parameter.Key}\")" : $"file.Find{method}(\"{parameter.Key}\") ?? {parameter.Default.ToFormula()}";
    }

    private static string Pattern(HyperParameterModel parameter)
    {
        var otherwise = parameter.Default is null ? "" : $", otherwise: {parameter.Default.ToFormula()}";
        return $"file.LayerPattern(\"{parameter.Key}\"{otherwise}{(parameter.FirstDiffers ? ", firstDiffers: true" : "")})";
    }
}
