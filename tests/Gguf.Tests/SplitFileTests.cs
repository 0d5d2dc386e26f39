using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

public sealed class SplitFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_part_opens_all()
    {
        WriteParts();
        using var file = GgufFile.Open(Part(1));
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.Equal(["a", "b", "c"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([Part(1), Part(2), Part(3)], file.Tensors.Select(tensor => tensor.FileName));
        Assert.Equal([1, 2, 3], file.Tensors.Select(tensor => (int)tensor.Span[0]));
        Assert.True(file.TryGetTensor("c", out _));
    }

    [Fact]
    public void Another_part_names_the_first()
    {
        WriteParts();
        AssertMessage(Part(3), $"{Part(3)}: the file is part 3 of 3 of a split model. Open the first part instead: {Part(1)}");
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        WriteParts();
        File.Delete(Part(2));
        AssertMessage(Part(1), $"{Part(2)}: there is no such file");
    }

    [Fact]
    public void A_renamed_part_is_refused()
    {
        WriteParts();
        var renamed = _folder.File("model.gguf");
        File.Move(Part(1), renamed);
        AssertMessage(renamed, "expected a name ending in -00001-of-00003.gguf");
    }

    [Fact]
    public void Parts_of_different_models_are_refused()
    {
        WriteParts();
        WritePart(Part(2), number: 0, count: 3, total: 3, "b", 2);
        AssertMessage(Part(1), $"{Part(2)}: by its metadata the file is part 1 of 3; expected part 2 of 3");
    }

    [Fact]
    public void A_tensor_in_two_parts_is_refused()
    {
        WriteParts();
        WritePart(Part(2), number: 1, count: 3, total: 3, "a", 2);
        AssertMessage(Part(1), $"{Part(2)}: tensor \"a\" is also in {Part(1)}");
    }

    [Fact]
    public void A_wrong_number_of_tensors_is_refused()
    {
        WriteParts(total: 4);
        AssertMessage(Part(1), "the 3 parts hold 3 tensors; key \"split.tensors.count\" says 4");
    }

    [Fact]
    public void A_part_in_a_stream_is_refused()
    {
        WriteParts();
        using var stream = File.OpenRead(Part(1));
        Assert.Contains("split into 3 files", Assert.Throws<ModelFileException>(() => GgufFile.FromStream(stream, "embedded")).Message,
            StringComparison.Ordinal);
    }

    private static void AssertMessage(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);

    private static void WritePart(string path, ushort number, ushort count, int total, string tensor, byte value)
    {
        var metadata = new GgufMetadata(path)
        {
            ["general.architecture"] = GgufValue.From("llama"),
            ["split.no"] = GgufValue.From(number),
            ["split.count"] = GgufValue.From(count),
            ["split.tensors.count"] = GgufValue.From(total),
        };
        var writer = new GgufWriter(metadata);
        writer.Add(tensor, TensorType.I8, [1], new[] { value });
        writer.Save(path);
    }

    private string Part(int number) => _folder.File($"model-0000{number}-of-00003.gguf");

    private void WriteParts(int total = 3)
    {
        WritePart(Part(1), 0, 3, total, "a", 1);
        WritePart(Part(2), 1, 3, total, "b", 2);
        WritePart(Part(3), 2, 3, total, "c", 3);
    }
}
