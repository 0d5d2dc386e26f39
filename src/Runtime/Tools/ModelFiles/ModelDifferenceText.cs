using System.Globalization;
using System.Text.Json;

namespace ArchGen.Tools.ModelFiles;

/// <summary>A difference of two models as text and as JSON.</summary>
public static class ModelDifferenceText
{
    /// <summary>A line for each difference, as in a diff: - is only in the first, + only in the second, ~ is in both and differs.</summary>
    public static IEnumerable<string> Lines(ModelDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return LinesOf(difference);
    }

    private static IEnumerable<string> LinesOf(ModelDifference difference)
    {
        foreach (var key in difference.Keys) yield return $"{Sign(key.Kind)} {key.Key}: {Change(key.First, key.Second)}";
        foreach (var tensor in difference.Tensors) yield return $"{Sign(tensor.Kind)} {tensor.Name}: {Change(tensor.First, tensor.Second)}{Distance(tensor)}";
        yield return difference.IsSame
            ? $"The same: all keys, {difference.SameTensors} tensors."
            : $"{difference.Keys.Count} keys and {difference.Tensors.Count} tensors differ, {difference.SameTensors} tensors are the same.";
    }

    /// <summary>
    /// Writes one object: <c>same</c>, <c>sameTensors</c>, <c>keys</c> (key, kind, first, second) and <c>tensors</c> (name, kind, first, second, nmse,
    /// largest). A kind is onlyFirst, onlySecond, shape, type or value.
    /// </summary>
    /// <param name="difference">The difference.</param>
    /// <param name="stream">Written from its position on: UTF-8.</param>
    public static void WriteJson(ModelDifference difference, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(stream);
        using var json = new Utf8JsonWriter(stream, JsonText.Indented);
        json.WriteStartObject();
        json.WriteBoolean("same", difference.IsSame);
        json.WriteNumber("sameTensors", difference.SameTensors);
        json.WriteStartArray("keys");
        foreach (var key in difference.Keys)
        {
            json.WriteStartObject();
            json.WriteString("key", key.Key);
            WriteChange(json, key.Kind, key.First, key.Second);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("tensors");
        foreach (var tensor in difference.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            WriteChange(json, tensor.Kind, tensor.First, tensor.Second);
            JsonText.Number(json, "nmse", tensor.Nmse);
            JsonText.Number(json, "largest", tensor.Largest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    }

    private static void WriteChange(Utf8JsonWriter json, DifferenceKind kind, string? first, string? second)
    {
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
        json.WriteString("first", first);
        json.WriteString("second", second);
    }

    private static char Sign(DifferenceKind kind) => kind switch { DifferenceKind.OnlyFirst => '-', DifferenceKind.OnlySecond => '+', _ => '~' };

    private static string Change(string? first, string? second) =>
        first is null || second is null ? first ?? second! : first == second ? first : $"{first} becomes {second}";

    private static string Distance(TensorDifference tensor) => tensor.Nmse is { } nmse
        ? string.Create(CultureInfo.InvariantCulture, $", NMSE {nmse:0.##e+0}, largest difference {tensor.Largest:0.##e+0}")
        : tensor.Kind == DifferenceKind.Value ? ", other bytes" : "";
}
