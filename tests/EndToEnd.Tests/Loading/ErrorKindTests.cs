using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>What went wrong is told by the kind of the error, which a server maps to a status.</summary>
public sealed class ErrorKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoadedModel _model = LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    /// <summary>Whatever is done to a file, opening it says that the file is bad, and nothing else.</summary>
    [Fact]
    public void A_damaged_file_is_a_bad_file()
    {
        var whole = File.ReadAllBytes(SharedFixtures.Local("models/stories260K.gguf"));
        foreach (var length in new[] { 0, 3, 24, 1000, whole.Length / 2, whole.Length - 1 }) AssertBad(whole[..length]);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var j = 0; j < 4; j++) bytes[random.Next(2000)] = (byte)random.Next(256);
            AssertBad(bytes, mayBeGood: true);
        }
    }

    [Fact]
    public void A_missing_file_is_a_bad_file() => Assert.Throws<ModelFileException>(() => LoadedModel.Open(_folder.File("none.gguf"), Catalog.All));

    [Fact]
    public void A_file_of_an_unknown_architecture_is_a_bad_file()
    {
        new GgufWriter(new GgufMetadata("") { ["general.architecture"] = GgufValue.From("none-such") }).Save(_folder.File("other.gguf"));
        Assert.Throws<ModelFileException>(() => LoadedModel.Open(_folder.File("other.gguf"), Catalog.All));
    }

    [Fact]
    public void A_prompt_that_is_too_long_does_not_fit_into_the_context()
    {
        using var generator = new TextGenerator(_model, new CpuBackend(), new GenerationOptions { ContextLength = 8 });
        Assert.Throws<ContextFullException>(() => generator.Generate(Enumerable.Repeat(5, 9).ToArray()).Count());
        Assert.NotEmpty(generator.Generate([1, 5, 6]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    public void A_token_that_is_not_in_the_vocabulary_is_a_bad_request(int token)
    {
        using var generator = new TextGenerator(_model, new CpuBackend());
        Assert.Throws<RequestException>(() => generator.Generate([1, token]).Count());
    }

    [Fact]
    public void An_empty_prompt_is_a_bad_request()
    {
        using var generator = new TextGenerator(_model, new CpuBackend());
        Assert.Throws<RequestException>(() => generator.Generate([]).Count());
    }

    private void AssertBad(byte[] bytes, bool mayBeGood = false)
    {
        File.WriteAllBytes(_folder.File("bad.gguf"), bytes);
        var error = Record.Exception(() => LoadedModel.Open(_folder.File("bad.gguf"), Catalog.All).Dispose());
        if (error is not null || !mayBeGood) Assert.IsType<ModelFileException>(error);
    }
}
