using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>All that a conversion would write, as text to compare: keys, and tensors with what is done with them; or why it is refused.</summary>
internal static class PlanDigest
{
    public const string Refused = "refused: ";

    /// <summary>The conversion of a checkpoint whose config is another.</summary>
    public static string Of(CheckpointFolder folder, JsonNode config)
    {
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        return Of(folder);
    }

    public static string Of(CheckpointFolder folder)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(folder.Path);
            var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
            return string.Join('\n', plan.Metadata.Select(m => $"{m.Key} = {Text(m.Value)}").Concat(plan.Tensors.Select(Text)));
        }
        catch (ArchGenException error)
        {
            return Refused + error.Message;
        }
    }

    /// <summary>The config of a fixture.</summary>
    public static JsonObject ConfigOf(CheckpointFolder folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Fixture, "config.json")))!.AsObject();

    /// <summary>The fixture of a class, or of another one of its architecture.</summary>
    public static string FixtureOf(string className)
    {
        var architecture = Catalog.All.Single(a => a.HuggingFaceClasses.Contains(className));
        var fixtures = Directory.GetDirectories(SharedFixtures.Local("conversion")).Order(StringComparer.Ordinal)
            .Select(d => (Name: Path.GetFileName(d)!, Config: Path.Combine(d, "config.json")))
            .Where(f => File.Exists(f.Config) && !f.Name.StartsWith("quantized", StringComparison.Ordinal))
            .Select(f => (f.Name, Class: (string?)JsonNode.Parse(File.ReadAllText(f.Config))!["architectures"]?[0])).ToList();
        return (fixtures.FirstOrDefault(f => f.Class == className).Name
            ?? fixtures.FirstOrDefault(f => architecture.HuggingFaceClasses.Contains(f.Class)).Name)!;
    }

    private static string Text(GgufValue value) => value.IsArray ? $"[{string.Join(", ", value.AsArray().Select(Text))}]" : value.Type switch
    {
        GgufValueType.String => value.AsString(),
        GgufValueType.Bool => value.AsBool() ? "true" : "false",
        GgufValueType.Float32 or GgufValueType.Float64 => value.AsDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.AsInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Text(ConvertedTensor tensor)
    {
        var made = "";
        if (!tensor.Weights.Sources.Any())
        {
            var values = new float[tensor.Weights.ElementCount];
            tensor.Weights.Read(0, values);
            made = Convert.ToHexString(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));
        }

        return $"{tensor.Name} {tensor.Type.Name} [{string.Join(", ", tensor.Dims)}] "
            + $"{string.Join(" + ", tensor.Weights.Sources)} {string.Join(", ", tensor.Weights.Steps)} {made}";
    }
}
