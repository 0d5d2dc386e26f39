using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>The chat templates of a checkpoint: from tokenizer_config.json, or files of their own; one, or several with names.</summary>
internal static class ChatTemplates
{
    /// <summary>Adds <c>chat_template</c>, and <c>chat_template.NAME</c> for each that is not the default.</summary>
    public static void Add(TokenizerFolder files, Action<string, GgufValue> add)
    {
        var named = new List<string>();
        foreach (var (name, text) in Read(files))
        {
            if (name == "default")
            {
                add("chat_template", GgufValue.From(text));
                continue;
            }

            var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            named.Add(plain);
            add($"chat_template.{plain}", GgufValue.From(text));
        }

        if (named.Count > 0) add("chat_templates", GgufValue.From(named.ToArray()));
    }

    private static IEnumerable<(string Name, string Text)> Read(TokenizerFolder files)
    {
        if (files.Config is { } config && config.TryGetProperty("chat_template", out var template))
        {
            if (template.ValueKind == JsonValueKind.String) return [("default", template.GetString()!)];
            if (template.ValueKind == JsonValueKind.Array)
                return [.. template.EnumerateArray().Select(t => (TokenizerFolder.Text(t, "name") ?? "default", TokenizerFolder.Text(t, "template") ?? throw files.Fault("tokenizer_config.json", "a chat template has no text")))];
        }

        if (files.Find("chat_template.jinja") is { } file)
        {
            var others = Path.Combine(files.Folder, "additional_chat_templates");
            var more = Directory.Exists(others) ? Directory.GetFiles(others, "*.jinja").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllText(f))) : [];
            return [("default", File.ReadAllText(file)), .. more];
        }

        return files.Json("chat_template.json") is { } json && TokenizerFolder.Text(json, "chat_template") is { } text ? [("default", text)] : [];
    }
}
