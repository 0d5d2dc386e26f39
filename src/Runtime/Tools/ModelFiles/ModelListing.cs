using System.Text.Json;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Loading;

namespace ArchGen.Tools.ModelFiles;

/// <summary>
/// Keys, tensors and sizes of a model as JSON. The fields are stable: later versions may add some. docs/commands.md lists them under <c>inspect</c>.
/// </summary>
public static class ModelListing
{
    /// <summary>
    /// Writes one object: <c>file</c>, <c>files</c>, <c>version</c>, <c>alignment</c>, <c>keys</c> (key, type, elementType of an array, value), <c>tensors</c>
    /// (name, type, shape with the slowest dimension first, elements, bytes, offset, file), <c>types</c> (type, tensors, bytes), <c>elements</c>,
    /// <c>bytes</c>, and <c>architecture</c> (name, known, problems or null, unread keys, unused tensors with reasons), null if the file names none.
    /// Numbers that JSON lacks are the texts NaN, Infinity and -Infinity.
    /// </summary>
    /// <param name="file">The open model.</param>
    /// <param name="catalog">The architectures that are known.</param>
    /// <param name="stream">Written from its position on: UTF-8.</param>
    public static void WriteJson(GgufFile file, IReadOnlyList<ArchitectureInfo> catalog, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        using var json = new Utf8JsonWriter(stream, JsonText.Indented);
        json.WriteStartObject();
        json.WriteString("file", file.Name);
        JsonText.Strings(json, "files", CopiedFile.FileNames(file));
        json.WriteNumber("version", file.Version);
        json.WriteNumber("alignment", file.Alignment);
        json.WriteStartArray("keys");
        foreach (var (key, value) in file.Metadata) WriteKey(json, key, value);
        json.WriteEndArray();
        json.WriteStartArray("tensors");
        foreach (var tensor in file.Tensors) WriteTensor(json, tensor);
        json.WriteEndArray();
        WriteTypes(json, file);
        json.WriteNumber("elements", file.Tensors.Sum(t => t.ElementCount));
        json.WriteNumber("bytes", CopiedFile.Bytes(file));
        WriteArchitecture(json, file, catalog);
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    }

    private static void WriteKey(Utf8JsonWriter json, string key, GgufValue value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteString("type", value.Type.Name);
        if (value.IsArray) json.WriteString("elementType", value.ElementType.Name);
        json.WritePropertyName("value");
        JsonText.Value(json, value);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, GgufTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("type", tensor.Type.Name);
        json.WriteStartArray("shape");
        foreach (var size in tensor.Dimensions.Reverse()) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteNumber("elements", tensor.ElementCount);
        json.WriteNumber("bytes", tensor.ByteLength);
        json.WriteNumber("offset", tensor.Offset);
        json.WriteString("file", tensor.FileName);
        json.WriteEndObject();
    }

    private static void WriteTypes(Utf8JsonWriter json, GgufFile file)
    {
        json.WriteStartArray("types");
        foreach (var type in file.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Sum(t => t.ByteLength)))
        {
            json.WriteStartObject();
            json.WriteString("type", type.Key.Name);
            json.WriteNumber("tensors", type.Count());
            json.WriteNumber("bytes", type.Sum(t => t.ByteLength));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteArchitecture(Utf8JsonWriter json, GgufFile file, IReadOnlyList<ArchitectureInfo> catalog)
    {
        if (!file.Metadata.TryGet("general.architecture", out var value))
        {
            json.WriteNull("architecture");
            return;
        }

        var name = value.Type == GgufValueType.String ? value.AsString() : value.ToString();
        var architecture = catalog.Find(name);
        json.WriteStartObject("architecture");
        json.WriteString("name", name);
        json.WriteBoolean("known", architecture is not null);
        if (architecture is not null) WriteCheck(json, Check(file, architecture));
        json.WriteEndObject();
    }

    // Before anything of it is written: a file that is wrong is listed, too, with what is wrong.
    private static Findings Check(GgufFile file, ArchitectureInfo architecture)
    {
        try
        {
            var source = new GgufModelSource(file);
            var (problems, unused) = ModelLoader.Check(architecture.Create(), source);
            return new(problems, [.. UnreadKeys.Of(file, source, architecture).Select(k => k.Key)], unused);
        }
        catch (ModelFileException error)
        {
            return new(error.Message, [], []);
        }
    }

    private static void WriteCheck(Utf8JsonWriter json, Findings findings)
    {
        json.WriteString("problems", findings.Problems);
        JsonText.Strings(json, "unreadKeys", findings.UnreadKeys);
        json.WriteStartArray("unusedTensors");
        foreach (var (name, reason) in findings.UnusedTensors)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Findings(string? Problems, IReadOnlyList<string> UnreadKeys, IReadOnlyList<(string Name, string Reason)> UnusedTensors);
}
