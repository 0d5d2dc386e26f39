using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Server.Operations;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.Operations;

/// <summary>Whether the server says rightly that it lives and is ready.</summary>
public sealed class HealthTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task The_server_is_not_ready_before_its_first_model_is_open()
    {
        var begin = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(options => options.Models.Add(Model(begin.Task.Wait)), addsModel: false);
        foreach (var path in (string[])["/health", "/v1/health"])
        {
            var (status, body) = await GetAsync(server, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.True(JsonNode.DeepEquals(
                JsonNode.Parse("""{"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}"""), body), $"{body}");
        }

        Assert.Equal((HttpStatusCode.OK, "live"), await WordAsync(server, "/health/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "loading"), await WordAsync(server, "/health/ready"));
        begin.SetResult();
        await Eventually.TrueAsync(async () => (await WordAsync(server, "/health/ready")).Word == "ready");
        Assert.Equal((HttpStatusCode.OK, "ok"), await WordAsync(server, "/health"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_cannot_be_opened_is_not_ready()
    {
        await using var server = await TestServer.StartAsync(
            options => options.Models.Add(Model(() => throw new ModelFileException("damaged"))), addsModel: false);
        await Eventually.TrueAsync(async () => (await WordAsync(server, "/health/ready")) == (HttpStatusCode.ServiceUnavailable, "failed"));
        Assert.Equal((HttpStatusCode.OK, "live"), await WordAsync(server, "/health/live"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_sleeps_is_ready()
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Clock = clock;
            options.KeepAlive = TimeSpan.FromSeconds(1);
        });
        var model = server.Service<Models.ModelRegistry>().Models[0];
        await Eventually.TrueAsync(() => model.IsOpen);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => model.IsSleeping);
        Assert.Equal((HttpStatusCode.OK, "ready"), await WordAsync(server, "/health/ready"));
        Assert.True(model.IsSleeping);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_engine_that_makes_no_step_makes_the_server_not_ready_until_it_goes_on()
    {
        var clock = new FakeTimeProvider();
        var constraint = new BlockingConstraint();
        var endpoint = new GeneratingEndpoint { Constraint = constraint };
        await using var server = await TestServer.StartAsync(
            options => (options.Clock, options.StallTimeout) = (clock, TimeSpan.FromMinutes(2)), endpoint.Map);
        var watchdog = server.Service<Watchdog>();
        var answer = server.PostAsync(GeneratingEndpoint.Path, "{}");
        await Eventually.TrueAsync(() => server.Service<Models.ModelRegistry>().Models[0].EngineOrNull?.Metrics.RunningAnswers == 1);
        watchdog.Look();
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal("ready", (await WordAsync(server, "/health/ready")).Word);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(() => watchdog.IsWedged);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "wedged"), await WordAsync(server, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live"), await WordAsync(server, "/health/live"));

        constraint.Release.Set();
        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        watchdog.Look();
        Assert.Equal((HttpStatusCode.OK, "ready"), await WordAsync(server, "/health/ready"));
    }

    [Fact(Timeout = Timeout)]
    public async Task An_idle_engine_is_not_taken_for_one_that_does_not_go_on()
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(options => options.Clock = clock);
        await Eventually.TrueAsync(() => server.Service<Models.ModelRegistry>().Models[0].IsOpen);
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            server.Service<Watchdog>().Look();
        }

        Assert.Equal((HttpStatusCode.OK, "ready"), await WordAsync(server, "/health/ready"));
    }

    private static ServedModelOptions Model(Action opening)
    {
        var model = TestServer.Stories("held");
        model.Model.Open = () =>
        {
            opening();
            return LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);
        };
        return model;
    }

    private static async Task<(HttpStatusCode Status, string? Word)> WordAsync(TestServer server, string path)
    {
        var (status, body) = await GetAsync(server, path);
        return (status, (string?)body["status"]);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(TestServer server, string path)
    {
        using var response = await server.Client.GetAsync(path);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
