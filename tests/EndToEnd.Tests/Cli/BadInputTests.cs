using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Bad input gets one message that names the file, the place and the remedy; exit code 1; no file is left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArchitectureFixture _fixture = ArchitectureFixture.Load("llama");

    [Fact]
    public void A_missing_file() => Fails("there is no such file", Missing(), "inspect", Missing());

    [Fact]
    public void A_folder() => Fails("", _folder.Path, "inspect", _folder.Path);

    [Fact]
    public void A_file_that_is_no_model()
    {
        var path = _folder.File("text.gguf");
        File.WriteAllText(path, "This is a text, and not a short one, so that it is longer than any header.");
        Fails("GGUF", path, "run", path, "-p", "x");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(3000)]
    public void A_truncated_file(int bytes)
    {
        var path = _folder.File("cut.gguf");
        File.WriteAllBytes(path, File.ReadAllBytes(_fixture.WriteGguf(_folder.Path)).AsSpan(0, bytes).ToArray());
        Fails("", path, "logits", path, "--tokens", "1", "--output", _folder.File("out"));
    }

    [Fact]
    public void An_unknown_architecture()
    {
        var path = Altered((metadata, _) => metadata["general.architecture"] = GgufValue.From("lama"));
        Fails("Did you mean llama?", path, "logits", path, "--tokens", "1", "--output", _folder.File("out"));
    }

    [Fact]
    public void A_missing_key()
    {
        var path = Altered((metadata, _) => metadata.Remove("llama.block_count"));
        Fails("key llama.block_count is missing", path, "logits", path, "--tokens", "1", "--output", _folder.File("out"));
    }

    [Fact]
    public void A_key_of_the_wrong_type()
    {
        var path = Altered((metadata, _) => metadata["llama.embedding_length"] = GgufValue.From("64"));
        Fails("key llama.embedding_length is the text '64', expected a whole number", path, "logits", path, "--tokens", "1", "--output", _folder.File("out"));
    }

    [Fact]
    public void A_missing_and_an_extra_tensor()
    {
        var path = Altered((_, tensors) => tensors.RemoveAll(t => t.Name == "blk.1.ffn_up.weight"));
        Fails("missing    blk.1.ffn_up.weight [96, 64]", path, "logits", path, "--tokens", "1", "--output", _folder.File("out"));
    }

    [Theory]
    [InlineData("128")]
    [InlineData("-1")]
    [InlineData("2147483647")]
    public void A_token_out_of_range(string token)
    {
        var path = _fixture.WriteGguf(_folder.Path);
        Fails($"token id {token} is out of range, expected 0 to 127", path, "logits", path, $"--tokens={token}", "--output", _folder.File("out"));
        Fails($"token id {token} is out of range, expected 0 to 127", path, "logits", path, $"--tokens={token}", "--output", _folder.File("out"), "--eager");
    }

    [Fact]
    public void Tokens_that_are_none()
    {
        var path = _fixture.WriteGguf(_folder.Path);
        Fails("'two' is not a token id", "--tokens", "logits", path, "--tokens", "1,two", "--output", _folder.File("out"));
    }

    [Fact]
    public void A_tokens_file_that_is_no_array()
    {
        var path = _fixture.WriteGguf(_folder.Path);
        File.WriteAllText(_folder.File("tokens.json"), """{"tokens": 1}""");
        Fails("expected an array of token ids", "tokens.json", "logits", path, "--tokens-file", _folder.File("tokens.json"), "--output", _folder.File("out"));
    }

    [Fact]
    public void A_prompt_longer_than_the_context()
    {
        var stories = SharedFixtures.Local("models/stories260K.gguf");
        Fails("the context holds 4", "prompt", "run", stories, "-p", "Once upon a time there was a little girl", "-c", "4");
    }

    [Fact]
    public void A_file_without_a_vocabulary()
    {
        var path = _fixture.WriteGguf(_folder.Path);
        Fails("vocabulary", path, "run", path, "-p", "Hello");
    }

    [Fact]
    public void An_output_that_cannot_be_written()
    {
        var path = _fixture.WriteGguf(_folder.Path);
        Fails("does not exist", "nowhere", "logits", path, "--tokens", "1", "--output", _folder.File("nowhere/out"));
        Fails("is a folder", _folder.Path, "logits", path, "--tokens", "1", "--output", _folder.Path);
    }

    [Theory]
    [InlineData("--threads", "0")]
    [InlineData("--ctx-size", "0")]
    [InlineData("--ubatch", "0")]
    [InlineData("--temp", "-1")]
    [InlineData("--top-p", "2")]
    [InlineData("--logit-bias", "x")]
    public void A_number_out_of_range(string option, string value) =>
        Fails("", "", "run", SharedFixtures.Local("models/stories260K.gguf"), "-p", "Once", $"{option}={value}");

    [Theory]
    [InlineData("run", "--threads", "many")]
    [InlineData("run", "--cache-type", "f8")]
    [InlineData("graph", "--format", "png", "llama")]
    [InlineData("logits")]
    [InlineData("nonsense")]
    public void A_wrong_command_line(params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_end_in_a_message()
    {
        var original = File.ReadAllBytes(_fixture.WriteGguf(_folder.Path));
        var path = _folder.File("damaged.gguf");
        var random = new Random(20261122);
        var header = original.Length / 8;
        for (var i = 0; i < 400; i++)
        {
            var bytes = (byte[])original.Clone();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(header)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            var run = Archgen.Run(i % 2 == 0 ? ["inspect", path] : ["logits", path, "--tokens", "1,2,3", "--output", _folder.File("out")]);
            Assert.True(run.ExitCode is 0 or 1, $"round {i}: exit code {run.ExitCode}");
            Assert.True(run.ExitCode == 0 || run.Error.StartsWith("archgen: ", StringComparison.Ordinal), $"round {i}: {run.Error}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Missing() => _folder.File("missing.gguf");

    private void Fails(string message, string place, params string[] arguments)
    {
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains(place, run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(files.Order(), Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    private string Altered(Action<GgufMetadata, List<GgufTensor>> change)
    {
        using var file = GgufFile.Open(_fixture.WriteGguf(_folder.Path));
        var metadata = new GgufMetadata(file.Name);
        foreach (var (key, value) in file.Metadata) metadata[key] = value;
        var tensors = file.Tensors.ToList();
        change(metadata, tensors);
        var writer = new GgufWriter(metadata);
        foreach (var tensor in tensors) writer.Add(tensor);
        var path = _folder.File("altered.gguf");
        writer.Save(path);
        return path;
    }
}
