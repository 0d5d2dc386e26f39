using System.IO.Compression;
using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Chat.Tests;

/// <summary>Templates of each family of formats, written for these tests, and those that were published, where they are at hand.</summary>
internal static class TestTemplates
{
    private const string Chat = "chat/templates", More = "chat-more/templates";

    /// <summary>Templates that describe tools and do not write calls: the format is known by name.</summary>
    private static readonly string[] WithoutCalls = ["SmolLM3-v5", "LFM2-8B-A1B", "LFM2.5-Instruct", "ibm-granite-granite-3.3-2B-Instruct"];

    public static string[] Own { get; } =
        [.. Directory.GetFiles(Folder, "*.jinja").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];

    public static Tokenizer Tokenizer { get; } = Gpt2();

    private static string Folder => Path.Combine(SharedFixtures.Root, "tests", "Chat.Tests", "Templates");

    /// <summary>The published templates that write calls, by path.</summary>
    public static IEnumerable<string> Published() => new[] { Chat, More }.Select(SharedFixtures.FindLarge).OfType<string>()
        .SelectMany(folder => Directory.GetFiles(folder, "*.jinja")).Order(StringComparer.Ordinal);

    public static bool WritesCalls(string path) => !WithoutCalls.Contains(Path.GetFileNameWithoutExtension(path));

    public static ChatTemplate Open(string name) => OpenFile(Path.Combine(Folder, $"{name}.jinja"));

    public static ChatTemplate OpenFile(string path) => new(File.ReadAllText(path), Tokenizer);

    /// <summary>A tool with arguments of each kind.</summary>
    public static ToolDefinition Tool(string name) => new(name, "Does something.", Json("""
        {"type": "object", "properties": {
            "city": {"type": "string"}, "unit": {"type": "string"}, "count": {"type": "number"}, "flag": {"type": "boolean"},
            "list": {"type": "array", "items": {"type": "integer"}}, "inner": {"type": "object"}},
         "required": ["city"]}
        """));

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static Tokenizer Gpt2()
    {
        using TemporaryFolder folder = new();
        var path = folder.File("gpt-2.gguf");
        using (var source = new GZipStream(File.OpenRead(SharedFixtures.Local("tokenizers/ggml-vocab-gpt-2.gguf.gz")), CompressionMode.Decompress))
        using (var target = File.Create(path)) source.CopyTo(target);
        using var gguf = GgufFile.Open(path);
        return Tokenizer.FromMetadata(gguf.Metadata);
    }
}
