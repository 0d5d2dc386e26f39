namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The files of a checkpoint folder that describe its tokenizer, each read once. A missing file is a value that does not exist.</summary>
internal sealed class TokenizerFolder(string path)
{
    public string Path { get; } = path;

    public JsonValue Tokenizer { get; } = JsonValue.ReadFile(path, "tokenizer.json", isVocabulary: true);

    public JsonValue TokenizerConfig { get; } = JsonValue.ReadFile(path, "tokenizer_config.json");

    public JsonValue SpecialTokensMap { get; } = JsonValue.ReadFile(path, "special_tokens_map.json");

    public JsonValue AddedTokens { get; } = JsonValue.ReadFile(path, "added_tokens.json", isVocabulary: true);

    public JsonValue Config { get; } = JsonValue.ReadFile(path, "config.json");

    public JsonValue GenerationConfig { get; } = JsonValue.ReadFile(path, "generation_config.json");

    /// <summary>A key of config.json, or of its text model's part.</summary>
    public JsonValue Setting(string key) => Config[key].Exists ? Config[key] : Config["text_config"][key];

    /// <summary>A key of tokenizer_config.json, or else of special_tokens_map.json: both hold the special tokens' texts.</summary>
    public JsonValue TokenSetting(string key) => TokenizerConfig[key].Exists ? TokenizerConfig[key] : SpecialTokensMap[key];

    /// <summary>The path of the first of these files that exists; null if none does.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var file = System.IO.Path.Combine(Path, name);
            if (File.Exists(file)) return file;
        }

        return null;
    }

    /// <summary>The path of the first file, by name, that matches a pattern; null if none does.</summary>
    public string? FindLike(string pattern) => Directory.EnumerateFiles(Path, pattern).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The bytes of a file of at most 256 MiB.</summary>
    /// <exception cref="ArchGenException">The file is larger, or cannot be read.</exception>
    public static byte[] ReadBytes(string file)
    {
        const long maxBytes = 1L << 28;
        try
        {
            return new FileInfo(file).Length is > maxBytes and var length
                ? throw new ModelFileException(
                    $"{file}: the file has {length} bytes, expected at most {maxBytes}. It is not a tokenizer's file; download it again.")
                : File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{file}: the file cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>The lines of a text file in UTF-8.</summary>
    public static string[] ReadLines(string file)
    {
        var text = System.Text.Encoding.UTF8.GetString(ReadBytes(file)).Replace("\r\n", "\n").Split('\n');
        return text is [.., ""] ? text[..^1] : text;
    }
}
