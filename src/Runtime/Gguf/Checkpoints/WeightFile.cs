using ArchGen.Gguf.Checkpoints.Torch;
using ArchGen.Gguf.Safetensors;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>One opened file of weights.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Tensors">Its tensors by their place in the file.</param>
/// <param name="Memory">The mapped file.</param>
internal sealed record WeightFile(string Path, IReadOnlyList<CheckpointTensor> Tensors, IDisposable Memory)
{
    /// <summary>Opens a file by what its name says it is.</summary>
    public static WeightFile Open(string path)
    {
        var place = System.IO.Path.GetFileName(path);
        if (System.IO.Path.GetExtension(path) is ".bin" or ".pth" or ".pt") return TorchFile.Open(path);
        if (System.IO.Path.GetExtension(path) != ".safetensors")
            throw new ModelFileException($"{path}: the file is not known by its name; expected .safetensors, .bin or .pth.");
        var file = SafetensorsFile.Open(path);
        return new WeightFile(path, [.. file.Tensors.Select(tensor => new StoredTensor(tensor, place))], file);
    }
}
