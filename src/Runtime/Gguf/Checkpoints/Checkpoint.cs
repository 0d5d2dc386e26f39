using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ArchGen.Gguf.Checkpoints.Meta;
using ArchGen.Gguf.Checkpoints.Quantized;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>
/// A published checkpoint's folder, opened: its configuration, and all its tensors, mapped from disk and read when first touched. Every statement of a file
/// is checked against its size before it is used.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
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

    /// <summary>Whether it is a PEFT adapter rather than a model.</summary>
    public bool IsAdapter { get; private init; }

    /// <summary>Whether its weights were left alone: there are no tensors then.</summary>
    public bool IsWithoutWeights { get; private init; }

    /// <summary>The tensors: files in order, in each by their place.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Opens the folder of a checkpoint or of an adapter.</summary>
    /// <exception cref="ArchGenException">Files are missing, damaged or contradict each other, or the storage of the weights is not known.</exception>
    public static Checkpoint Open(string folder) => Open(folder, WeightFiles.Find(folder), isWithoutWeights: false);

    /// <summary>Opens a folder for its configuration and tokenizer alone: weights need not be there, and are not looked at.</summary>
    /// <exception cref="ArchGenException">There is no configuration, or it is damaged.</exception>
    public static Checkpoint OpenWithoutWeights(string folder) => Open(folder, WeightFiles.FindConfig(folder), isWithoutWeights: true);

    private static Checkpoint Open(string folder, WeightFiles found, bool isWithoutWeights)
    {
        var config = JsonFile.ReadObject(Path.Combine(folder, found.Config));
        var files = new List<WeightFile>();
        try
        {
            // Files that an index names and that are missing are reported with all other differences.
            foreach (var path in found.Paths.Where(path => found.Index is null || File.Exists(path))) files.Add(WeightFile.Open(path));
            found.Index?.Check(files);
            if (found.IsMeta)
            {
                var joined = isWithoutWeights ? [] : MetaFormat.Join(files);
                return new Checkpoint(folder, MetaFormat.Config(config, joined), files, joined) { IsMeta = true, IsWithoutWeights = isWithoutWeights };
            }

            var tensors = QuantizedStorage.Join([.. files.SelectMany(file => file.Tensors)], config, Path.Combine(folder, found.Config));
            return new Checkpoint(folder, config, files, tensors) { IsAdapter = found.IsAdapter, IsWithoutWeights = isWithoutWeights };
        }
        catch
        {
            Close(files);
            throw;
        }
    }

    /// <summary>Finds a tensor by its name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out CheckpointTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => Close(_files);

    private static void Close(IEnumerable<WeightFile> files)
    {
        foreach (var file in files) file.Memory.Dispose();
    }
}
