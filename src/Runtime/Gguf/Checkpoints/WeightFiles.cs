namespace ArchGen.Gguf.Checkpoints;

/// <summary>The files of a checkpoint's folder that hold the weights.</summary>
/// <param name="Paths">The files in order.</param>
/// <param name="Config">The name of the file with the configuration.</param>
/// <param name="Index">The index that lists the tensors; null for a single file.</param>
internal sealed record WeightFiles(IReadOnlyList<string> Paths, string Config, ShardIndex? Index)
{
    private const string ModelConfig = "config.json", MetaConfig = "params.json", AdapterConfig = "adapter_config.json";

    /// <summary>Whether they are the parts that Meta published.</summary>
    public bool IsMeta => Config == MetaConfig;

    /// <summary>Whether they are those of an adapter.</summary>
    public bool IsAdapter => Config == AdapterConfig;

    /// <summary>Looks for the names that Hugging Face's and Meta's tools give them; safetensors come first, as nothing in them can be executed.</summary>
    /// <exception cref="ModelFileException">There are none.</exception>
    public static WeightFiles Find(string folder)
    {
        CheckFolder(folder);
        return Single("model.safetensors", ModelConfig) ?? Sharded("model.safetensors.index.json", "*.safetensors.index.json")
            ?? Single("pytorch_model.bin", ModelConfig) ?? Sharded("pytorch_model.bin.index.json", "pytorch_model*.bin.index.json")
            ?? Meta()
            ?? Single("adapter_model.safetensors", AdapterConfig) ?? Single("adapter_model.bin", AdapterConfig)
            ?? throw new ModelFileException($"{folder}: there are no weights; "
                + "expected model.safetensors, *.safetensors.index.json with its files, pytorch_model.bin, "
                + "consolidated.*.pth with params.json, or adapter_model.safetensors. Download the whole checkpoint.");

        WeightFiles? Single(string name, string config)
        {
            var path = Path.Combine(folder, name);
            return File.Exists(path) ? new WeightFiles([path], config, null) : null;
        }

        // Beside the usual index there may be one of the same weights in another layout or type, which transformers ignores.
        WeightFiles? Sharded(string usual, string pattern)
        {
            var usualPath = Path.Combine(folder, usual);
            string[] indices = File.Exists(usualPath) ? [usualPath] : [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];
            if (indices.Length == 0) return null;
            if (indices.Length > 1)
            {
                throw new ModelFileException($"{folder}: there are {indices.Length} indices: {string.Join(", ", indices.Select(Path.GetFileName))}; "
                    + $"expected {usual}, or one. "
                    + "Move the files of other checkpoints to other folders.");
            }

            var index = new ShardIndex(indices[0]);
            return new WeightFiles([.. index.Files.Select(file => Path.Combine(folder, file))], ModelConfig, index);
        }

        WeightFiles? Meta()
        {
            string[] parts = [.. Directory.GetFiles(folder, "consolidated.*.pth").Order(StringComparer.Ordinal)];
            return parts.Length > 0 ? new WeightFiles(parts, MetaConfig, null) : null;
        }
    }

    /// <summary>No weights, and the configuration that is there.</summary>
    /// <exception cref="ModelFileException">There is none.</exception>
    public static WeightFiles FindConfig(string folder)
    {
        CheckFolder(folder);
        string[] configs = [ModelConfig, MetaConfig, AdapterConfig];
        var found = configs.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        return new WeightFiles([], found ?? throw new ModelFileException($"{folder}: there is no {ModelConfig}. Download it, or check the path."), null);
    }

    private static void CheckFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        throw new ModelFileException(File.Exists(folder)
            ? $"{folder} is a file, expected the folder of a checkpoint (config.json, weights, tokenizer)."
            : $"{folder}: there is no such folder; expected that of a checkpoint. Check the path.");
    }
}
