using System.IO.Compression;
using System.Text;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;

namespace ArchGen.Gguf.Tests.Checkpoints;

/// <summary>What torch.save wrote, and what somebody wrote who means harm.</summary>
public sealed class TorchFileTests
{
    private const string Header = "\u0080\u0002";

    [Theory]
    [InlineData("llama-bin")]
    [InlineData("gpt2-bin")]
    [InlineData("llama-pth")]
    [InlineData("llama-pth-2")]
    public void Weights_are_those_of_the_rule(string name)
    {
        using var folder = new CheckpointFolder(name);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(name.Contains("pth", StringComparison.Ordinal), checkpoint.IsMeta);
        Assert.NotEmpty(checkpoint.Tensors);
        foreach (var tensor in checkpoint.Tensors)
        {
            var values = new float[tensor.ElementCount];
            tensor.Read(0, values);
            Assert.All(values, x => Assert.True(float.IsFinite(x)));
        }
    }

    [Fact]
    public void Parts_are_joined_along_the_dimension_that_they_divide()
    {
        using CheckpointFolder one = new("llama-pth"), two = new("llama-pth-2");
        using Checkpoint whole = Checkpoint.Open(one.Path), parts = Checkpoint.Open(two.Path);
        foreach (var tensor in whole.Tensors)
        {
            Assert.True(parts.TryGetTensor(tensor.Name, out var joined));
            Assert.Equal(tensor.Shape, joined.Shape);
        }
    }

    [Theory]
    [InlineData("cposix\nsystem\n(X\u0004\0\0\0echotR.", "asks for posix.system")]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0echotR.", "asks for os.system")]
    [InlineData("c__builtin__\neval\n(tR.", "asks for __builtin__.eval")]
    [InlineData("i__builtin__\neval\n.", "0x69")]
    [InlineData("}q", "damaged")]
    [InlineData("}(X\u00ff\u00ff\u00ff\u007fa.", "damaged")]
    [InlineData("K\u0001.", "no dictionary of tensors")]
    public void A_pickle_that_asks_for_more_than_tensors_is_refused_by_name(string pickle, string message)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("pytorch_model.bin"), Header + pickle);
        File.WriteAllText(folder.File("config.json"), "{}");
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Theory]
    [InlineData("QK\0K\u00ffK\u0002\u0086K\u0002K\u0001\u0086\u0089", "reaches to byte")]
    [InlineData("QK\u0064K\u0001K\u0001\u0086K\u0001K\u0001\u0086\u0089", "reaches to byte")]
    public void A_tensor_beyond_its_storage_is_refused(string view, string message)
    {
        using var folder = new TemporaryFolder();
        Write(
            folder.File("pytorch_model.bin"),
            Header + "}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0"
            + "0X\u0003\0\0\0cpuK\u0004t" + view + "Nt\u0052s.");
        File.WriteAllText(folder.File("config.json"), "{}");
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Fact]
    public void Damaged_archives_are_refused()
    {
        using var source = new CheckpointFolder("llama-bin");
        var bytes = File.ReadAllBytes(source.File("pytorch_model.bin"));
        foreach (var length in new[] { 0, 10, 1000, bytes.Length / 2, bytes.Length - 100, bytes.Length - 1 })
        {
            File.WriteAllBytes(source.File("pytorch_model.bin"), bytes[..length]);
            Assert.Throws<ModelFileException>(() => Checkpoint.Open(source.Path).Dispose());
        }

        // Each byte of the directory at the end changed: an error, or the same tensors; never a crash.
        for (var at = bytes.Length - 600; at < bytes.Length; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0xFF;
            File.WriteAllBytes(source.File("pytorch_model.bin"), changed);
            try
            {
                using var checkpoint = Checkpoint.Open(source.Path);
                foreach (var tensor in checkpoint.Tensors) tensor.Read(0, new float[tensor.ElementCount]);
            }
            catch (ArchGenException)
            {
                // Refused, as it should be.
            }
        }
    }

    [Fact]
    public void Compressed_entries_are_refused()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("pytorch_model.bin"), Header + "}.", CompressionLevel.SmallestSize);
        File.WriteAllText(folder.File("config.json"), "{}");
        Assert.Contains("compressed", Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    private static void Write(string path, string pickle, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add("m/data.pkl", Encoding.Latin1.GetBytes(pickle));
        Add("m/data/0", new byte[16]);

        void Add(string name, byte[] bytes)
        {
            using var entry = archive.CreateEntry(name, level).Open();
            entry.Write(bytes);
        }
    }
}
