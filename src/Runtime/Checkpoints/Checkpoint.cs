using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ArchGen.Checkpoints;

/// <summary>A published checkpoint folder, opened: its config, and all its tensors, mapped from disk and read when they are asked for.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _files;
    private readonly Dictionary<string, CheckpointTensor> _byName = new(StringComparer.Ordinal);

    internal Checkpoint(string folder, JsonElement config, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyList<IDisposable> files, bool isMeta = false)
    {
        (Folder, Config, Tensors, _files, IsMeta) = (folder, config, tensors, files, isMeta);
        foreach (var tensor in tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new ArchGenException($"{folder}: tensor {tensor.Name} is in {_byName[tensor.Name].Place} and in {tensor.Place}; expected each once. Keep the files of one model only.");
        }
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The root of config.json.</summary>
    public JsonElement Config { get; }

    /// <summary>The tensors, file by file, in the order of their data.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Whether rows of rotated heads stand as neighbours already, as Meta published Llama; Hugging Face has them in halves.</summary>
    public bool IsMeta { get; }

    /// <summary>Opens a checkpoint folder.</summary>
    /// <exception cref="ArchGenException">It has no weights or no config, or a file is missing or damaged.</exception>
    public static Checkpoint Open(string folder) => CheckpointFolder.Open(folder);

    /// <summary>Finds a tensor by its name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out CheckpointTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
