using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The chat templates of a folder: in tokenizer_config.json, as a text or a named list, or in separate files.</summary>
internal static class ChatTemplates
{
    private const string Key = "tokenizer.chat_template";

    public static void WriteTo(GgufMetadata metadata, TokenizerFolder folder)
    {
        var templates = InConfig(folder);
        if (templates.Count == 0) templates = InFiles(folder);
        List<string> names = [];
        foreach (var (name, template) in templates.Where(entry => entry.Name != "default"))
        {
            names.Add(name);
            metadata[$"{Key}.{name}"] = GgufValue.From(template);
        }

        if (names.Count > 0) metadata["tokenizer.chat_templates"] = GgufValue.From(names.Distinct().ToArray());
        if (templates.FindIndex(entry => entry.Name == "default") is >= 0 and var at) metadata[Key] = GgufValue.From(templates[at].Template);
    }

    private static List<(string Name, string Template)> InConfig(TokenizerFolder folder)
    {
        var value = folder.TokenizerConfig["chat_template"];
        if (!value.Exists) return [];
        return value.IsText
            ? [("default", value.Text)]
            : [.. value.Items.Where(entry => entry["template"].Exists).Select(entry => (NameOf(entry["name"].Text), entry["template"].Text))];
    }

    private static List<(string Name, string Template)> InFiles(TokenizerFolder folder)
    {
        if (folder.Find("chat_template.jinja") is not { } file)
            return JsonValue.ReadFile(folder.Path, "chat_template.json")["chat_template"] is { Exists: true } template ? [("default", template.Text)] : [];

        List<(string, string)> templates = [("default", ReadText(file))];
        var others = Path.Combine(folder.Path, "additional_chat_templates");
        if (Directory.Exists(others))
        {
            templates.AddRange(Directory.EnumerateFiles(others, "*.jinja").Order(StringComparer.Ordinal)
                .Select(other => (NameOf(Path.GetFileNameWithoutExtension(other)), ReadText(other))));
        }

        return templates;
    }

    /// <summary>A name that can be part of a key.</summary>
    private static string NameOf(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string ReadText(string file) => Encoding.UTF8.GetString(TokenizerFolder.ReadBytes(file)).Replace("\r\n", "\n");
}
