using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;
using ArchGen.Runtime.Embeddings;
using ArchGen.Server.Models;

namespace ArchGen.Server.Tests.Operations;

/// <summary>Several models over HTTP, also those of a folder.</summary>
public sealed class ModelEndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Models_are_loaded_and_unloaded_by_request()
    {
        await using var server = await TestServer.StartAsync(options => options.Models.Add(TestServer.Stories("second")));
        Assert.Equal("unloaded", await StatusAsync(server, "second"));
        var (status, body) = await server.PostAsync("/models/load", """{"model": "second"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True((bool)body["success"]!);
        Assert.Equal("loaded", await StatusAsync(server, "second"));
        (status, body) = await server.PostAsync("/models/unload", """{"model": "second"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True((bool)body["success"]!);
        Assert.Equal("unloaded", await StatusAsync(server, "second"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/models/load", """{"model": "third"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/models/unload", "{}")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_files_of_a_folder_are_models_and_new_ones_are_found()
    {
        var file = SharedFixtures.Local("models/stories260K.gguf");
        Directory.CreateDirectory(_folder.File("split"));
        foreach (var name in (string[])["tales.gguf", "mmproj-tales.gguf", "split/big-00001-of-00002.gguf", "split/big-00002-of-00002.gguf"])
            File.Copy(file, _folder.File(name));
        File.WriteAllText(_folder.File("notes.txt"), "no model");
        await using var server = await TestServer.StartAsync(options => options.ModelsFolder = _folder.Path, addsModel: false);
        Assert.Equal(["big", "tales"], server.Service<ModelRegistry>().Models.Select(model => model.Id).Order());
        Assert.Equal("unloaded", await StatusAsync(server, "tales"));

        File.Copy(file, _folder.File("later.gguf"));
        var (status, body) = await server.PostAsync("/tokenize", """{"model": "later", "content": "Once"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("loaded", await StatusAsync(server, "later"));
        (status, body) = await server.PostAsync("/tokenize", """{"model": "never", "content": "Once"}""");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("There is no model 'never'", (string?)body["error"]!["message"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_unknown_name_is_the_only_model()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"model": "gpt-3.5-turbo", "content": "Once"}""")).Status);
    }

    // With a pooling any model gives embeddings, so the server must not take the failure for such a model.
    [Fact(Timeout = 60_000)]
    public async Task A_draft_model_that_does_not_fit_is_an_error_also_beside_a_pooling()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models[0].Model.Embeddings = new EmbeddingOptions { Pooling = Pooling.Mean };
            options.Models[0].Model.DraftModelPath = Path.Combine(Repository.Root, "src", "Cli", "Default", "wren-q8_0.gguf");
        });
        var (status, body) = await server.PostAsync("/completion", """{"prompt": "Once", "n_predict": 1}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("could not be loaded", (string?)body["error"]!["message"]);
        Assert.Equal("failed", await StatusAsync(server, "stories260K"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_that_is_none_has_the_same_error_everywhere()
    {
        await using var server = await TestServer.StartAsync(options => options.Models.Add(TestServer.Stories("other")));
        var messages = new List<string?>();
        foreach (var (path, json) in ((string, string)[])
            [("/tokenize", """{"model": "never", "content": "Once"}"""), ("/models/load", """{"model": "never"}"""),
            ("/models/unload", """{"model": "never"}""")])
        {
            messages.Add((string?)(await server.PostAsync(path, json)).Body["error"]!["message"]);
        }

        using var one = await server.Client.GetAsync("/v1/models/never");
        messages.Add((string?)JsonNode.Parse(await one.Content.ReadAsStringAsync())!["error"]!["message"]);
        Assert.Equal("There is no model 'never'. The models are stories260K, other.", Assert.Single(messages.Distinct()));
    }

    private static async Task<string?> StatusAsync(TestServer server, string model)
    {
        var list = JsonNode.Parse(await server.Client.GetStringAsync("/v1/models"))!;
        return (string?)list["data"]!.AsArray().Single(each => (string?)each!["id"] == model)!["status"]!["value"];
    }
}
