using System.Security.Cryptography;
using System.Text;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>A llama of eight blocks with random weights in f16, as a file, and an importance matrix for it.</summary>
public sealed class SmallLlama : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallLlama()
    {
        Path = _folder.File("small-f16.gguf");
        ModelRecipe.Open(SharedFixtures.Local("quantization/small-llama.json")).Save(Path);
    }

    public string Path { get; }

    public static string Importance => SharedFixtures.Local("quantization/small.imatrix.gguf");

    /// <summary>One number for the names, types and bytes of all tensors in their order.</summary>
    public static string Digest(string path)
    {
        using var file = GgufFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in file.Tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name} {tensor.Type.Name}\n"));
            hash.AppendData(tensor.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public void Dispose() => _folder.Dispose();
}
