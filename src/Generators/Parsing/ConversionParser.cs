using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads what an architecture says of its checkpoints: where each key of the file comes from, what is taken for granted, what is left alone.</summary>
internal static class ConversionParser
{
    public static ConversionModel Parse(INamedTypeSymbol type, HyperParameterTable hyperParameters)
    {
        var huggingFace = type.Attribute(KnownNames.HuggingFace);
        var statesRope = huggingFace is not null && huggingFace.NamedArguments.Any(a => a.Key == "Rope");
        var rope = statesRope ? (RopeKind)huggingFace!.Named<int>("Rope") : RopeKind.HalfSplit;
        return new ConversionModel(
            rope, Keys(type, hyperParameters).ToEquatable(), Notes(type, KnownNames.ConfigIs).ToEquatable(),
            Ignored(type, KnownNames.IgnoredConfig, TowerKeys).ToEquatable(), Ignored(type, KnownNames.IgnoredWeights, TowerWeights).ToEquatable(),
            Notes(type, KnownNames.StoredAsMatrix).ToEquatable())
        {
            Defaults = ConfigDefaultsParser.Parse(type).ToEquatable(),
            Trained = Trained(type, hyperParameters).ToEquatable(),
        };
    }

    /// <summary>The keys that are tensors of the checkpoint; the nearest class of the chain has the last word.</summary>
    private static IEnumerable<TrainedKeyModel> Trained(INamedTypeSymbol type, HyperParameterTable hyperParameters)
    {
        var tensors = type.Chain().Reverse().SelectMany(t => t.Attributes(KnownNames.HfTensor)).GroupBy(a => a.Text(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        if (tensors.Count == 0) yield break;
        foreach (var (property, attribute) in hyperParameters.Written())
        {
            if (!tensors.TryGetValue(property.Name, out var tensor)) continue;
            var from = tensor.Named<string>("From") is { } name && CheckpointNames.MakersOf(type).Any(m => m.Name == name) ? name : null;
            yield return new TrainedKeyModel(
                FileNames.Clean(attribute.Text()), HyperParameterTable.TypeName(property.Type),
                string.Join("|", HyperParameterTable.SplitAlternatives(tensor.Text(1)).Select(FileNames.Clean)), from);
        }
    }
    /// <summary>What config.json and the checkpoint of a class with [TextOf] have for other parts than the text model.</summary>
    private static readonly string[] TowerKeys = ["*_token_id", "*_token_index", "audio_config", "mm_tokens_per_image", "vision_config"];
    private static readonly string[] TowerWeights = ["*audio_tower.*", "*multi_modal_projector.*", "*vision_model.*", "*vision_tower.*", "*visual.*"];

    private static IEnumerable<NoteModel> Ignored(INamedTypeSymbol type, string attribute, string[] ofTowers) =>
        Notes(type, attribute).Concat(type.Attribute(KnownNames.TextOf) is null ? [] : ofTowers.Select(t => new NoteModel(t, "for pictures or sound")))
            .GroupBy(n => n.Name, StringComparer.Ordinal).Select(g => g.First()).OrderBy(n => n.Name, StringComparer.Ordinal);

    private static IEnumerable<ConfigKeyModel> Keys(INamedTypeSymbol type, HyperParameterTable hyperParameters)
    {
        var keys = new List<ConfigKeyModel>();
        var also = new List<ConfigKeyModel>();
        var readers = CheckpointNames.ReadersOf(type).ToList();
        foreach (var attribute in type.Attributes(KnownNames.Writes))
        {
            keys.Add(new ConfigKeyModel(FileNames.Clean(attribute.Text()), "any", FileNames.Clean(attribute.Text(1)), null, null, null));
        }

        foreach (var (property, attribute) in hyperParameters.Written())
        {
            var key = FileNames.Clean(attribute.Text());
            var typeName = HyperParameterTable.TypeName(property.Type);
            var values = Clean(attribute.Named<string>("Values"));
            var sources = hyperParameters.Sources(property.Name)
                .Select(r => new ConfigKeyModel(key, typeName, FileNames.Clean(r.Attribute.Text(1)), Clean(r.Class),
                    Clean(r.Attribute.Named<string>("Unless")), values))
                .ToList();
            if (attribute.Named<string>("Hf") is { } source && sources.All(s => s.For is not null))
                sources.Add(new ConfigKeyModel(key, typeName, FileNames.Clean(source), null, Clean(hyperParameters.UnlessOf(property.Name)), values));
            bool firstDiffers = attribute.Named<bool>("FirstDiffers"), asList = attribute.Named<bool>("AsList");
            sources = [.. sources.Select(
                s => s with { Method = CheckpointNames.Reader(type, readers, s.Source), FirstDiffers = firstDiffers, AsList = asList })];
            keys.AddRange(sources);
            if (attribute.Named<string>("Also") is { } other) also.AddRange(sources.Select(s => s with { Key = FileNames.Clean(other) }));
        }

        return keys.Concat(also.Where(a => keys.All(k => k.Key != a.Key)));
    }

    /// <summary>What the attributes of one kind say of each name; the nearest class of the chain has the last word.</summary>
    private static IEnumerable<NoteModel> Notes(INamedTypeSymbol type, string attributeName) =>
        type.Chain().Reverse().SelectMany(t => t.Attributes(attributeName))
            .SelectMany(a => HyperParameterTable.SplitAlternatives(a.Text()).Select(name => new NoteModel(FileNames.Clean(name), FileNames.Clean(a.Text(1)))))
            .GroupBy(n => n.Name, StringComparer.Ordinal).Select(g => g.First()).OrderBy(n => n.Name, StringComparer.Ordinal);

    private static string? Clean(string? text) => text is null ? null : FileNames.Clean(text);
}
