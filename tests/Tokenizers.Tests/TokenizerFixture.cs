using System.IO.Compression;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tokenizers.Tests;

/// <summary>A text with the ids and the decoded text that llama.cpp gives for it.</summary>
public sealed record ReferenceText(string Text, int[] WithSpecial, int[] Plain, int[] Parsed, string Decoded);

/// <summary>Reads vocabularies and reference results; those of the project are compressed.</summary>
public static class TokenizerFixture
{
    /// <summary>The tokenizer of a vocabulary of the project.</summary>
    public static Tokenizer Load(string name) => Tokenizer.FromMetadata(Metadata(name));

    /// <summary>The metadata of a vocabulary of the project.</summary>
    public static GgufMetadata Metadata(string name)
    {
        using TemporaryFolder folder = new();
        var path = folder.File($"{name}.gguf");
        using (var file = File.Create(path)) Open($"ggml-vocab-{name}.gguf").CopyTo(file);
        using var gguf = GgufFile.Open(path);
        return gguf.Metadata;
    }

    public static IEnumerable<ReferenceText> References(string name) => References(Open($"{name}.dev.json"));

    public static IEnumerable<ReferenceText> References(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            yield return new(
                entry.GetProperty("text").GetString()!,
                Ids(entry.GetProperty("ids_add_special_parse_special")),
                Ids(entry.GetProperty("ids_plain")),
                Ids(entry.GetProperty("ids_parse_special")),
                entry.GetProperty("detokenized").GetString()!);
        }
    }

    public static Stream Open(string name) =>
        new GZipStream(File.OpenRead(SharedFixtures.Local($"tokenizers/{name}.gz")), CompressionMode.Decompress);

    public static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];
}
