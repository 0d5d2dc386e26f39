using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Conversion.Vocabulary;

namespace ArchGen.Tools.Tests.Conversion.Vocabulary;

/// <summary>A checkpoint folder of the fixtures, with what llama.cpp's converter wrote for it.</summary>
public static class ConversionFolder
{
    /// <summary>What architectures state of themselves, in llama.cpp's converter classes; not in any file of the checkpoint.</summary>
    private static readonly Dictionary<string, (string Key, GgufValue Value)[]> Stated = new()
    {
        ["phi2"] = [("add_bos_token", GgufValue.From(false))],
        ["chatglm"] = [("add_bos_token", GgufValue.From(false))],
        ["eurobert"] = [("add_bos_token", GgufValue.From(true))],
        ["gemma"] = [("eot_token_id", GgufValue.From(107u))],
        ["internlm2"] = [("add_space_prefix", GgufValue.From(true))],
    };

    public static string Local(string name) => SharedFixtures.Local($"conversion/{name}");

    /// <summary>The folders of the project that have a tokenizer.</summary>
    public static IEnumerable<string> Names() => Directory.EnumerateDirectories(SharedFixtures.Local("conversion"))
        .Select(folder => Path.GetFileName(folder)).Where(name => !name.StartsWith("lora-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>What differs between the keys that are read and those of expected.json, one line each.</summary>
    public static List<string> Differences(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")).Replace("-Infinity", "null"));
        var expected = document.RootElement;
        if (!expected.TryGetProperty("metadata", out var rows)) return [];
        var all = rows.EnumerateArray().ToDictionary(row => row[0].GetString()!, row => row);
        var architecture = all["general.architecture"][2].GetString()!;
        List<string> told = [];
        TokenizerOptions options = new()
        {
            Log = told.Add,
            PreHints = expected.TryGetProperty("pre", out var pre) && pre.ValueKind == JsonValueKind.String ? [pre.GetString()!] : [],
            Stated = [.. Stated.GetValueOrDefault(architecture, []).Select(entry => KeyValuePair.Create($"tokenizer.ggml.{entry.Key}", entry.Value))],
        };

        List<string> differences = [];
        var actual = TokenizerMetadata.Read(folder, options).ToDictionary();
        foreach (var (key, row) in all.Where(row => row.Key.StartsWith("tokenizer.", StringComparison.Ordinal)))
        {
            if (!actual.Remove(key, out var value)) differences.Add($"{key} is missing, expected {row}");
            else if (Difference(row, value) is { } difference) differences.Add($"{key}: {difference}");
        }

        // Keys that llama.cpp's converter leaves out are told.
        differences.AddRange(actual.Where(entry => !told.Any(line => line.StartsWith(entry.Key + " ", StringComparison.Ordinal)))
            .Select(entry => $"{entry.Key}: {entry.Value}, expected none"));
        return differences;
    }

    private static string? Difference(JsonElement row, GgufValue value)
    {
        var type = row[1].GetString()!;
        var expected = row[2];
        var found = value.IsArray ? $"array:{value.ElementType.Name}" : value.Type.Name;
        if (found.Replace("string", "str") != type) return $"type {found}, expected {type}";
        if (!value.IsArray)
        {
            object scalar = value.Type switch
            {
                GgufValueType.String => value.AsString(),
                GgufValueType.Bool => value.AsBool(),
                _ => value.AsInt64(),
            };
            object wanted = expected.ValueKind switch
            {
                JsonValueKind.String => expected.GetString()!,
                JsonValueKind.Number => expected.GetInt64(),
                _ => expected.GetBoolean(),
            };
            return scalar.Equals(wanted) ? null : $"{scalar}, expected {wanted}";
        }

        if (expected.ValueKind == JsonValueKind.Object)
        {
            if (expected.GetProperty("len").GetInt32() != value.Count) return $"{value.Count} elements, expected {expected.GetProperty("len")}";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Payload(value)));
            return hash.StartsWith(expected.GetProperty("sha256").GetString()!, StringComparison.Ordinal)
                ? null
                : $"another hash; begins {string.Join(", ", value.AsArray().Take(8))}, expected {expected.GetProperty("first")}";
        }

        var elements = value.AsArray();
        if (elements.Length != expected.GetArrayLength()) return $"{elements.Length} elements, expected {expected.GetArrayLength()}";
        for (var i = 0; i < elements.Length; i++)
        {
            var same = value.ElementType == GgufValueType.String
                ? elements[i].AsString() == expected[i].GetString()
                : elements[i].AsSingle() == expected[i].GetSingle();
            if (!same) return $"element {i} is {elements[i]}, expected {expected[i]}";
        }

        return null;
    }

    /// <summary>The array's payload as it stands in a file after the element count.</summary>
    private static byte[] Payload(GgufValue value)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        switch (value.ElementType)
        {
            case GgufValueType.String:
                foreach (var text in value.AsStrings())
                {
                    var utf8 = Encoding.UTF8.GetBytes(text);
                    writer.Write((ulong)utf8.Length);
                    writer.Write(utf8);
                }

                break;
            case GgufValueType.Float32: foreach (var number in value.AsSingles()) writer.Write(number); break;
            case GgufValueType.Int32: foreach (var number in value.AsInt32s()) writer.Write(number); break;
            default: writer.Write(value.AsBytes()); break;
        }

        return bytes.ToArray();
    }
}
