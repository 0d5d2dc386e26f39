using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary><c>/infill</c>, with a copy of the story model whose vocabulary has tokens for it.</summary>
public sealed class InfillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prefix_suffix_and_beginning_are_in_their_places()
    {
        await using var server = await StartAsync();
        var (_, answer) = await server.PostAsync("/infill", """{"input_prefix": "one", "input_suffix": "two", "prompt": "three", "n_predict": 2}""");
        Assert.Equal("<s>A one threeB twoC", (string?)answer["prompt"]);
    }

    [Fact]
    public async Task Further_files_come_first()
    {
        await using var server = await StartAsync();
        var (_, answer) = await server.PostAsync(
            "/infill", """{"input_prefix": "one", "input_suffix": "two", "input_extra": [{"filename": "a.c", "text": "four"}, {"text": "five"}]}""");
        var prompt = (string?)answer["prompt"];
        Assert.EndsWith("<s>A oneB twoC", prompt);
        Assert.True(prompt!.IndexOf("four", StringComparison.Ordinal) < prompt.IndexOf("five", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"input_suffix": "two"}""")]
    [InlineData("""{"input_prefix": "one", "input_suffix": 2}""")]
    [InlineData("""{"input_prefix": "one", "input_suffix": "two", "prompt": ["a"]}""")]
    [InlineData("""{"input_prefix": "one", "input_suffix": "two", "input_extra": [{"filename": "a"}]}""")]
    [InlineData("""{"input_prefix": "one", "input_suffix": "two", "input_extra": [{"filename": 1, "text": "a"}]}""")]
    public async Task A_wrong_request_is_an_error(string request)
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/infill", request)).Status);
    }

    [Fact]
    public async Task A_model_without_the_tokens_says_so()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/infill", """{"input_prefix": "one", "input_suffix": "two"}""");
        Assert.Equal((HttpStatusCode.NotImplemented, "not_supported_error"), (status, (string?)body["error"]!["type"]));
    }

    private Task<TestServer> StartAsync()
    {
        var path = _folder.File("fim.gguf");
        using (var stories = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf")))
        {
            var metadata = stories.Metadata;
            foreach (var (name, letter) in (ReadOnlySpan<(string, char)>)[("pre", 'A'), ("suf", 'B'), ("mid", 'C')])
                metadata[$"tokenizer.ggml.fim_{name}_token_id"] = GgufValue.From((uint)(letter + 3));
            var writer = new GgufWriter(metadata);
            foreach (var tensor in stories.Tensors) writer.Add(tensor);
            writer.Save(path);
        }

        return TestServer.StartAsync(options =>
        {
            options.Models[0].Model.ModelPath = path;
            // Further files get what a batch leaves of the context.
            options.Models[0].Model.Engine = engine => engine with { MaxBatch = 64 };
        });
    }
}
