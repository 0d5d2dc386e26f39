namespace ArchGen.Checkpoints;

/// <summary>Which files of a checkpoint's folder hold the weights.</summary>
/// <param name="Paths">The files in order.</param>
/// <param name="Config">The name of the file with the configuration.</param>
/// <param name="Index">The index that lists the tensors; null for a single file.</param>
internal sealed record WeightFiles(IReadOnlyList<string> Paths, string Config, ShardIndex? Index)
{
    /// <summary>Whether they are the parts that Meta published.</summary>
    public bool IsMeta => Config == "params.json";

    /// <summary>Looks for the names that Hugging Face's and Meta's tools give them; safetensors come first, as nothing in them can be executed.</summary>
    /// <exception cref="ArchGenException">There are none.</exception>
    public static WeightFiles Find(string folder)
    {
        if (!Directory.Exists(folder)) throw new ArchGenException($"{folder}: there is no such folder; expected that of a checkpoint. Check the path.");
        return Single("model.safetensors", "config.json") ?? Sharded("*.safetensors.index.json")
            ?? Single("pytorch_model.bin", "config.json") ?? Sharded("pytorch_model*.bin.index.json")
            ?? Meta()
            ?? Single("adapter_model.safetensors", "adapter_config.json") ?? Single("adapter_model.bin", "adapter_config.json")
            ?? throw new ArchGenException($"{folder}: there are no weights; expected model.safetensors, *.safetensors.index.json with its files, pytorch_model.bin, "
                + "consolidated.*.pth with params.json, or adapter_model.safetensors. Download the whole checkpoint.");

        WeightFiles? Single(string name, string config)
        {
            var path = Path.Combine(folder, name);
            return File.Exists(path) ? new WeightFiles([path], config, null) : null;
        }

        WeightFiles? Sharded(string pattern)
        {
            string[] indices = [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];
            if (indices.Length == 0) return null;
            if (indices.Length > 1)
            {
                throw new ArchGenException($"{folder}: there are {indices.Length} indices: {string.Join(", ", indices.Select(Path.GetFileName))}; expected one. "
                    + "Move the files of other checkpoints to other folders.");
            }

            var index = new ShardIndex(indices[0]);
            return new WeightFiles([.. index.Files.Select(file => Path.Combine(folder, file))], "config.json", index);
        }

        WeightFiles? Meta()
        {
            string[] parts = [.. Directory.GetFiles(folder, "consolidated.*.pth").Order(StringComparer.Ordinal)];
            return parts.Length > 0 ? new WeightFiles(parts, "params.json", null) : null;
        }
    }
}
