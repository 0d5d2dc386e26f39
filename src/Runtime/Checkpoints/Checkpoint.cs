using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ArchGen.Checkpoints;

/// <summary>
/// A published checkpoint's folder, opened: its configuration, and all its tensors, mapped from disk and read when first touched. Every statement of a file
/// is checked against its size before it is believed.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly IReadOnlyList<WeightFile> _files;
    private readonly Dictionary<string, CheckpointTensor> _byName;

    private Checkpoint(string folder, JsonElement config, IReadOnlyList<WeightFile> files, IReadOnlyList<CheckpointTensor> tensors)
    {
        (Folder, Config, _files, Tensors) = (folder, config, files, tensors);
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The path it was opened by.</summary>
    public string Folder { get; }

    /// <summary>The root of <c>config.json</c>; for an adapter that of <c>adapter_config.json</c>.</summary>
    public JsonElement Config { get; }

    /// <summary>Whether it has Meta's own layout, in which rotary pairs are neighbours; Hugging Face's are halves.</summary>
    public bool IsMeta { get; private init; }

    /// <summary>The tensors: files in order, in each by their place.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Opens the folder of a checkpoint or of an adapter.</summary>
    /// <exception cref="ArchGenException">Files are missing, damaged or contradict each other, or the weights are stored in a way that is not known.</exception>
    public static Checkpoint Open(string folder)
    {
        var found = WeightFiles.Find(folder);
        var config = JsonFile.Read(Path.Combine(folder, found.Config));
        var files = new List<WeightFile>();
        try
        {
            // Files that an index names and that are missing are told with all else that differs.
            foreach (var path in found.Paths.Where(path => found.Index is null || File.Exists(path))) files.Add(WeightFile.Open(path));
            found.Index?.Check(files);
            if (found.IsMeta)
            {
                var joined = MetaFormat.Join(files);
                return new Checkpoint(folder, MetaFormat.Config(config, joined), files, joined) { IsMeta = true };
            }

            return new Checkpoint(folder, config, files, QuantizedStorage.Join([.. files.SelectMany(file => file.Tensors)], config, Path.Combine(folder, found.Config)));
        }
        catch
        {
            Close(files);
            throw;
        }
    }

    /// <summary>Finds a tensor by its name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out CheckpointTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => Close(_files);

    private static void Close(IEnumerable<WeightFile> files)
    {
        foreach (var file in files) file.Memory.Dispose();
    }
}
