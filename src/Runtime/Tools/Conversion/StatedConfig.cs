using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// The values that config.json states for a file's keys by name, without arithmetic. They are read without the translation that made the file, so that
/// a mistake of the translation is found.
/// </summary>
/// <param name="plan">The conversion.</param>
internal sealed class StatedConfig(ConversionPlan plan)
{
    private readonly CheckpointConfig _config = new(plan.Checkpoint.Config, "config.json");
    private readonly Dictionary<string, string> _sources = plan.Architecture.Conversion.Keys
        .Where(key => key.Values is null && (key.For is null || key.For == plan.Class))
        .GroupBy(key => key.Key, StringComparer.Ordinal)
        .ToDictionary(
            keys => $"{plan.Architecture.Name}.{keys.Key}",
            keys => (keys.FirstOrDefault(key => key.For is not null) ?? keys.First()).Source,
            StringComparer.Ordinal);

    /// <summary>The contradiction between the file and config.json in a key; null if there is none, or config.json does not state the value.</summary>
    public string? Contradiction(string key, GgufValue value)
    {
        foreach (var name in _sources.GetValueOrDefault(key, "").Split('|', StringSplitOptions.TrimEntries))
        {
            if (!name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.')) return null;
            if (_config.Find(name) is not { } stated) continue;
            return Agree(stated, value) ? null : $"config.json has {name} = {CheckpointConfig.Text(stated)}, the file {value}";
        }

        return null;
    }

    private static bool Agree(JsonElement stated, GgufValue value)
    {
        if (stated.ValueKind == JsonValueKind.Array)
        {
            return value.IsArray && value.Count == stated.GetArrayLength()
                && stated.EnumerateArray().Zip(value.AsArray()).All(pair => Agree(pair.First, pair.Second));
        }

        return (stated.ValueKind, value.Type) switch
        {
            (JsonValueKind.True or JsonValueKind.False, GgufValueType.Bool) => value.AsBool() == stated.GetBoolean(),
            (JsonValueKind.String, GgufValueType.String) => value.AsString() == stated.GetString(),
            (JsonValueKind.Number, GgufValueType.Float32 or GgufValueType.Float64) => (float)value.AsDouble() == (float)stated.GetDouble(),
            (JsonValueKind.Number, not (GgufValueType.Bool or GgufValueType.String or GgufValueType.Array)) => value.AsInt64() == stated.GetDouble(),
            _ => false,
        };
    }
}
