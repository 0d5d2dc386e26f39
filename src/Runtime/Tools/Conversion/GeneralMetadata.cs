using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Gguf.Files;
using ArchGen.Tools.Conversion.Vocabulary;

namespace ArchGen.Tools.Conversion;

/// <summary>The keys that do not depend on the architecture: the model's name, its author's sampling, the pooling of embeddings and the tokenizer.</summary>
internal sealed class GeneralMetadata(Checkpoint checkpoint, ArchitectureInfo architecture)
{
    // generation_config.json's name and the key's; whole numbers are those of i32 keys.
    private static readonly (string Config, string Key, bool IsInteger)[] Sampling =
    [
        ("top_k", "top_k", true), ("top_p", "top_p", false), ("min_p", "min_p", false), ("temperature", "temp", false),
        ("repetition_penalty", "penalty_repeat", false),
    ];

    /// <summary>Adds the first keys of a file: architecture, name, size and the author's sampling.</summary>
    public void AddHead(GgufMetadata metadata, ConversionOptions options)
    {
        metadata["general.architecture"] = GgufValue.From(architecture.Name);
        if (!checkpoint.IsMeta) metadata["general.type"] = GgufValue.From("model");
        if (Side("generation_config.json") is { } path && JsonFile.ReadObject(path) is var generation)
        {
            foreach (var (config, key, isInteger) in Sampling)
            {
                if (generation.Property(config) is not { } value || value.NumberOrNull() is not { } number) continue;
                metadata[$"general.sampling.{key}"] = isInteger && value.TryGetInt32(out var whole) ? GgufValue.From(whole) : GgufValue.From((float)number);
            }
        }

        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint.Folder)));
        metadata["general.name"] = GgufValue.From(options.ModelName ?? folder);
        if (checkpoint.Tensors.Count > 0) metadata["general.size_label"] = GgufValue.From(SizeLabel(checkpoint.Tensors.Sum(t => t.ElementCount)));
    }

    /// <summary>Adds the pooling that modules.json of a sentence-transformers checkpoint asks for.</summary>
    /// <exception cref="ModelFileException">It asks for a pooling that files cannot state, or a file is missing or damaged.</exception>
    public void AddPooling(GgufMetadata metadata, Action<string> log)
    {
        if (Side("modules.json") is not { } path) return;
        var modules = JsonFile.Read(path);
        if (modules.ValueKind != JsonValueKind.Array)
            throw new ModelFileException($"{path} holds {JsonFile.Kind(modules)}, expected a list of modules. {JsonFile.DownloadAgain}");
        foreach (var module in modules.EnumerateArray())
        {
            if (module.Property("type")?.TextOrNull()?.EndsWith(".Pooling", StringComparison.Ordinal) != true) continue;
            var folder = module.Property("path")?.TextOrNull()
                ?? throw new ModelFileException($"{path}: the pooling module has no path. {JsonFile.DownloadAgain}");
            var file = Path.Combine(folder, "config.json");
            if (Side(file) is not { } config) throw new ModelFileException($"{checkpoint.Folder}: modules.json names {file}, which is not there. Download it.");
            var pooling = JsonFile.ReadObject(config);
            var mode = Is("pooling_mode_mean_tokens") ? 1u : Is("pooling_mode_cls_token") ? 2u : Is("pooling_mode_lasttoken") ? 3u
                : throw new ModelFileException($"{checkpoint.Folder}: {file} asks for a pooling that files cannot state; expected mean, cls or last token.");
            metadata[$"{architecture.Name}.pooling_type"] = GgufValue.From(mode);
            log($"{architecture.Name}.pooling_type = {mode} is what modules.json asks for.");

            bool Is(string key) => pooling.Property(key)?.ValueKind == JsonValueKind.True;
        }
    }

    /// <summary>Adds the tokenizer's keys.</summary>
    public void AddTokenizer(GgufMetadata metadata, CheckpointConfig config, ConversionOptions options, Action<string> log)
    {
        // ChatGLM's name for the number of rows.
        var rows = config.Find("vocab_size") ?? config.Find("padded_vocab_size");
        int? size = rows is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) && count > 0 ? count : null;
        var preferred = architecture.Conversion.Keys.Where(k => k.Key == "tokenizer.ggml.pre").Select(k => k.Source.Trim('\''));
        var stated = architecture.Conversion.Keys.Select(k => k.Key).Where(key => key.StartsWith("tokenizer.ggml.", StringComparison.Ordinal)
            && key.EndsWith("_token_id", StringComparison.Ordinal) && metadata.ContainsKey(key)).Select(key => (Key: key, Value: metadata[key])).ToList();
        foreach (var (key, _) in stated.Where(s => s.Value.Type == GgufValueType.String)) metadata.Remove(key);
        var tokenizer = new TokenizerOptions
        {
            Pre = options.Pre,
            PreHints = [.. preferred],
            VocabSize = size,
            Default = config.DefaultOf,
            EmbedTokenizer = options.EmbedTokenizer,
            General = [.. metadata],
            Log = log,
        };
        foreach (var (key, value) in TokenizerMetadata.Read(checkpoint.Folder, tokenizer)) metadata[key] = value;
        if (architecture.Name == "xverse") log("tokenizer.ggml.scores is written: SentencePiece merges by it. llama.cpp's converter leaves it out.");
        foreach (var (key, value) in stated) SetSpecialToken(metadata, key, value);
    }

    /// <summary>
    /// Sets the key of a special token that the architecture states, as an id, or as its text with or without the frame &lt;|...|&gt;; without such a token
    /// there is no key.
    /// </summary>
    private static void SetSpecialToken(GgufMetadata metadata, string key, GgufValue stated)
    {
        metadata[key] = stated;
        if (stated.Type != GgufValueType.String) return;
        var text = stated.AsString();
        var id = Array.FindIndex(metadata.GetStringsOrNull("tokenizer.ggml.tokens") ?? [], token => token == text || token == $"<|{text}|>");
        if (id >= 0) metadata[key] = GgufValue.From((uint)id);
        else metadata.Remove(key);
    }

    /// <summary>The number of parameters as model names have it: 1.1B, 135M, 260K.</summary>
    private static string SizeLabel(long parameters)
    {
        var (scaled, unit) = parameters switch
        {
            >= 1_000_000_000_000 => (parameters / 1e12, "T"),
            >= 1_000_000_000 => (parameters / 1e9, "B"),
            >= 1_000_000 => (parameters / 1e6, "M"),
            _ => (parameters / 1e3, "K"),
        };
        return scaled.ToString(scaled < 10 && unit is "B" or "T" ? "0.0" : "0", System.Globalization.CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>The path of a file of the checkpoint, or null if it has none of that name.</summary>
    private string? Side(string name) => Path.Combine(checkpoint.Folder, name) is var path && File.Exists(path) ? path : null;
}
