using ArchGen.Chat.Prompts;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Texts;

/// <summary>A chat template: a file in Jinja, or of a GGUF file.</summary>
/// <param name="Text">The template.</param>
/// <param name="Tokenizer">The tokenizer of the GGUF file; null for a file in Jinja.</param>
internal sealed record TemplateFile(string Text, Tokenizer? Tokenizer)
{
    /// <summary>Reads a template.</summary>
    /// <param name="path">The file; null for the embedded model.</param>
    /// <param name="name">The named template of a GGUF file; null for the one without a name.</param>
    /// <param name="terminal">Standard input, for -.</param>
    /// <param name="program">Has the embedded model.</param>
    /// <exception cref="RequestException">A name was given, and the file is one template.</exception>
    /// <exception cref="ModelFileException">The file cannot be read, or has no such template.</exception>
    public static TemplateFile Open(string? path, string? name, Terminal terminal, ArchgenProgram program)
    {
        if (path is not null && Path.GetExtension(path).ToLowerInvariant() is ".jinja" or ".jinja2" or ".j2")
        {
            if (name is not null) throw new RequestException($"--name {name}: {path} is one template. A GGUF file may have several.");
            return new TemplateFile(terminal.ReadText(path, "a chat template"), null);
        }

        using var file = program.Open(path);
        var key = name is null ? ChatTemplate.MetadataKey : $"{ChatTemplate.MetadataKey}.{name}";
        var template = file.Metadata.GetStringOrNull(key) ?? throw NoTemplate(file.Metadata, path ?? "The embedded model", key);
        return new TemplateFile(template, Tokenizer.FromMetadata(file.Metadata));
    }

    private static ModelFileException NoTemplate(GgufMetadata metadata, string path, string key)
    {
        const string prefix = ChatTemplate.MetadataKey + ".";
        string[] known = [.. metadata.Select(entry => entry.Key).Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..])];
        var names = known.Length == 0 ? "It has no other." : $"It has those with --name {string.Join(", ", known)}.";
        return new ModelFileException($"{path} has no chat template: the key {key} is missing. {names}");
    }
}
