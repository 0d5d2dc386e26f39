using System.Text.Json;
using ArchGen.Safetensors;

namespace ArchGen.Checkpoints;

/// <summary>Finds and opens the files of a checkpoint folder.</summary>
internal static class CheckpointFolder
{
    private const string SafetensorsIndex = "model.safetensors.index.json";

    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new ArchGenException($"{folder}: there is no such folder, expected a checkpoint: config.json and weights.");
        var files = new List<IDisposable>();
        try
        {
            var config = ReadJson(Path.Combine(folder, "config.json"));
            var tensors = SafetensorsFiles(folder).SelectMany(path => OpenSafetensors(path, files)).ToList();
            if (File.Exists(Path.Combine(folder, SafetensorsIndex))) ShardIndex.Check(Path.Combine(folder, SafetensorsIndex), tensors);
            return new Checkpoint(folder, config, tensors, files);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> SafetensorsFiles(string folder)
    {
        var index = Path.Combine(folder, SafetensorsIndex);
        if (File.Exists(index)) return ShardIndex.Files(index);
        var single = new[] { "model.safetensors", "adapter_model.safetensors" }.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists);
        return single is not null ? [single] : throw new ArchGenException($"{folder}: there are no weights, expected model.safetensors, or {SafetensorsIndex} with its shards. Download them.");
    }

    private static IEnumerable<CheckpointTensor> OpenSafetensors(string path, List<IDisposable> files)
    {
        var file = SafetensorsFile.Open(path);
        files.Add(file);
        return file.Tensors.Select(t => new StoredTensor(t, Path.GetFileName(path)));
    }

    internal static JsonElement ReadJson(string path)
    {
        if (!File.Exists(path)) throw new ArchGenException($"{path}: there is no such file. Download the whole checkpoint.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new ArchGenException($"{path}: the file is no JSON object. Download it again.");
        }
        catch (JsonException error)
        {
            throw new ArchGenException($"{path}: the file is not JSON: {error.Message} Download it again.", error);
        }
    }
}
