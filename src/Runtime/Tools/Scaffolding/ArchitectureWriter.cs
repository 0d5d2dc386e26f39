using System.IO.Enumeration;
using System.Text;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Scaffolding;

/// <summary>Writes the C# file of a draft.</summary>
internal sealed class ArchitectureWriter(ArchitectureScaffold scaffold, CheckpointConfig config)
{
    private readonly StringBuilder _text = new();
    private bool _choosesExperts;

    private string FileName => ShapeSymbols.FileName(scaffold.Name);

    /// <summary>A variant: the class names its base, and a comment lists its tensors.</summary>
    public string Variant(string @namespace)
    {
        var nearest = scaffold.Nearest.Architecture;
        Head(@namespace, isVariant: true);
        Line($"/// <summary>{scaffold.Name}: {nearest.Name} under another name. Say here in a sentence what is new, and where it is published.</summary>");
        Line($"[Architecture(\"{FileName}\")]");
        Line($"public partial class {scaffold.Name} : {ClassOf(nearest)};");
        Line();
        Line("// Checkpoints.");
        Claim();
        Line($"public partial class {scaffold.Name};");
        Line();
        Line($"// The tensors, all of them those of {nearest.Name}:");
        foreach (var tensor in scaffold.Tensors) Line($"//   {tensor.Pattern.Name} [{tensor.Shape}]{(tensor.Bias is null ? "" : " and its bias")}");
        return _text.ToString();
    }

    /// <summary>A file of its own: every tensor, and a forward pass by the rules of the nearest architecture.</summary>
    public string Whole(string @namespace)
    {
        var inLayers = scaffold.Tensors.Where(t => t.Pattern.IsInLayer && t.Pattern.Prefix == MainPrefix).ToList();
        var outside = scaffold.Tensors.Except(inLayers).Where(t => !t.Pattern.IsInLayer).ToList();
        var others = scaffold.Tensors.Except(inLayers).Except(outside).ToList();
        var isRotary = !outside.Exists(t => t.Property.Contains("Position", StringComparison.Ordinal))
            && !inLayers.Exists(t => t.Property.StartsWith("Ssm", StringComparison.Ordinal));
        Head(@namespace, isVariant: false);
        Differences();
        Line($"/// <summary>{scaffold.Name}: say here in a sentence what is new, and where it is published.</summary>");
        if (isRotary) Line("// Question: are the rotated pairs halves of a head (HalfSplit) or neighbours (Interleaved)?");
        Line($"[Architecture(\"{FileName}\", Rope = RopeKind.{(isRotary ? "HalfSplit" : "None")})]");
        Line($"public partial class {scaffold.Name} : DecoderModel");
        Line("{");
        var start = _text.Length;
        foreach (var tensor in outside) Declare(tensor, isNullable: false, "    ");
        foreach (var tensor in others) Line($"    // Question: what is {tensor.Pattern.Name} [{tensor.Shape}] for? It is in a list of layers of its own.");
        Layers(inLayers, isRotary);
        Forward(outside, hasLayers: inLayers.Count > 0);
        Line("}");
        // Only now it is known what forward passes read.
        _text.Insert(start, HyperParameters());
        Line();
        Line("// Checkpoints.");
        Claim();
        foreach (var symbol in scaffold.Symbols.Where(s => s.IsRenamed)) Line($"[Hf(nameof({scaffold.Name}.{symbol.Name}), \"{symbol.Key}\")]");
        Line($"public partial class {scaffold.Name};");
        return _text.ToString();
    }

    private string MainPrefix => scaffold.Tensors.Where(t => t.Pattern.IsInLayer).GroupBy(t => t.Pattern.Prefix)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? "";

    // What the shapes and the forward passes read, and DecoderModel does not have.
    private string HyperParameters()
    {
        var symbols = scaffold.OwnSymbols().Where(s => s.Name != ShapeSymbols.ExpertsUsed.Name).ToList();
        if (_choosesExperts) symbols.Add(scaffold.Symbols.FirstOrDefault(s => s.Name == ShapeSymbols.ExpertsUsed.Name) ?? ShapeSymbols.ExpertsUsed);
        var lines = symbols.Select(symbol =>
        {
            var type = symbol.Values.Count == 1 ? "int" : "PerLayer<int>";
            return $"    [HyperParameter(\"{symbol.FileKey}\", Hf = \"{symbol.Key}\")] public partial {type} {symbol.Name} {{ get; }}\n";
        });
        return symbols.Count == 0 ? "" : string.Concat(lines) + "\n";
    }

    private static string ClassOf(ArchitectureInfo architecture) => architecture.Create().GetType().Name;

    // Two architectures cannot claim one class.
    private void Claim()
    {
        if (scaffold.IsClaimed) Line($"// A built-in architecture claims {scaffold.Class}: to convert with this file, write its class into config.json.");
        Line($"[HuggingFace(\"{scaffold.ClaimedClass}\")]");
        if (!scaffold.IsVariant) return;
        foreach (var (pattern, reason) in scaffold.Nearest.Architecture.Conversion.IgnoredWeights.Where(w => IsOfCheckpoint(w.Pattern)))
            Line($"[IgnoredWeights(\"{pattern}\", \"{reason}\")]");
    }

    private bool IsOfCheckpoint(string patterns) => patterns.Split('|').Any(pattern =>
        scaffold.Tensors.Any(t => FileSystemName.MatchesSimpleExpression(pattern, t.Pattern.Name, ignoreCase: false)));

    private void Head(string @namespace, bool isVariant)
    {
        Line($"// Drafted by 'archgen new --from' from a checkpoint of {scaffold.Class}; the nearest architecture: {scaffold.Nearest.Architecture.Name}.");
        Line("// Compare it with the author's model before you trust it: archgen compare.");
        if (scaffold.Nearest.Others.Count > 0)
        {
            Line($"// Question: {string.Join(", ", scaffold.Nearest.Others)} have the same tensors, too. Is one of their forward passes the right one?");
        }

        foreach (var question in scaffold.Questions) Line($"// Question: {question}");
        Line("using ArchGen;");
        if (isVariant) Line("using ArchGen.Architectures;");
        Line();
        Line($"namespace {@namespace};");
        Line();
    }

    private void Differences()
    {
        var nearest = scaffold.Nearest.Architecture;
        var own = nearest.Tensors.SelectMany(t => t.HuggingFace).Select(KnownTensors.Bare).ToHashSet(StringComparer.Ordinal);
        var names = scaffold.Tensors.Select(t => KnownTensors.Bare(t.Pattern.Name)).ToHashSet(StringComparer.Ordinal);
        if (scaffold.Nearest.Problem is { } problem) Line($"// It is no variant of {nearest.Name}: {OneLine(problem)}");
        foreach (var tensor in scaffold.Tensors.Where(t => !own.Contains(KnownTensors.Bare(t.Pattern.Name))))
            Line($"// Differs from {nearest.Name}: it has no {tensor.Pattern.Name}.");
        var missing = nearest.Tensors.Where(t => !t.Optional && t.HuggingFace.Count > 0 && !t.HuggingFace.Any(n => names.Contains(KnownTensors.Bare(n))));
        foreach (var tensor in missing)
            Line($"// Differs from {nearest.Name}: it has {tensor.HuggingFace[0]}, this checkpoint has not.");
    }

    private static string OneLine(string problem)
    {
        var line = string.Join(' ', problem.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var at = line.IndexOf("): ", StringComparison.Ordinal) is >= 0 and var found ? found + 3 : 0;
        return line.Length - at > 160 ? line.Substring(at, 160) + "..." : line[at..];
    }

    private void Layers(IReadOnlyList<ScaffoldedTensor> tensors, bool isRotary)
    {
        if (tensors.Count == 0) return;
        var layers = tensors.SelectMany(t => t.Pattern.Shapes.Keys).Max() + 1;
        var (common, kinds) = LayerKind.Of(tensors, layers);
        var forward = new ForwardWriter(config, isRotary);
        // A tensor that no forward pass reads decides on nothing: then one kind has all tensors, and those that not every layer has may be null.
        if (kinds.Any(kind => kind.Decides is { } tensor && !forward.Layer(common.Concat(kind.Own)).Any(line => Reads(line, tensor))))
            kinds = [LayerKind.AnyLayer(tensors, common)];
        Line($"    [Blocks(\"blk.{{i}}\", Hf = \"{MainPrefix}\", Count = nameof(BlockCount))] "
            + $"public partial BlockList<{(kinds.Count == 1 ? "Layer" : "Block")}> Layers {{ get; }}");
        Line();
        if (kinds.Count > 1)
        {
            Line("    public abstract partial class Layer : Block");
            Line("    {");
            foreach (var tensor in common) Declare(tensor, isNullable: false, "        ");
            Line("    }");
            Line();
        }

        foreach (var kind in kinds) Kind(kind, kinds.Count == 1, common, forward);
    }

    private void Kind(LayerKind kind, bool isOnly, IReadOnlyList<ScaffoldedTensor> common, ForwardWriter forward)
    {
        if (kind.Decides is { } tensor) Line($"    [When(nameof({kind.Name}.{tensor.Property}))]");
        Line($"    public partial class {kind.Name} : {(isOnly ? "Block" : "Layer")}");
        Line("    {");
        if (isOnly) foreach (var each in common) Declare(each, isNullable: false, "        ");
        foreach (var each in kind.Own) Declare(each, isNullable: isOnly, "        ");
        Line();
        Line("        public Tensor Forward(Tensor x)");
        Line("        {");
        // What some layers lack cannot be placed by a rule.
        foreach (var line in forward.Layer(isOnly ? common : common.Concat(kind.Own))) Line($"            {line}");
        _choosesExperts |= forward.ChoosesExperts;
        Line("        }");
        Line("    }");
        Line();
    }

    private static bool Reads(string line, ScaffoldedTensor tensor) =>
        !line.StartsWith("//", StringComparison.Ordinal) && line.Contains(tensor.Property + ".Of(", StringComparison.Ordinal);

    private void Forward(IReadOnlyList<ScaffoldedTensor> outside, bool hasLayers)
    {
        var names = outside.Select(t => t.Property).ToHashSet(StringComparer.Ordinal);
        var used = new[] { "TokenEmbd", "PositionEmbd", "OutputNorm", "Output" };
        Line("    public override Tensor Forward(Tokens tokens)");
        Line("    {");
        var unused = names.Except(used).Order(StringComparer.Ordinal).ToList();
        if (unused.Count > 0) Line($"        // Question: where do {string.Join(", ", unused)} go?");
        Line($"        var x = TokenEmbd.Of(tokens){(names.Contains("PositionEmbd") ? " + PositionEmbd.Of(tokens.Positions)" : "")};");
        if (hasLayers) Line("        x = Layers.Of(x);");
        if (names.Contains("OutputNorm")) Line("        x = OutputNorm.Of(x);");
        Line($"        return {(names.Contains("Output") ? "Output.Of(x)" : "TokenEmbd.Logits(x)")};");
        Line("    }");
    }

    private void Declare(ScaffoldedTensor tensor, bool isNullable, string indent)
    {
        if (tensor.IsGuess) Line($"{indent}// Question: is [{tensor.Shape}] what these sizes mean, or do they fit by chance?");
        Line(indent + tensor.Declaration(isNullable));
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
