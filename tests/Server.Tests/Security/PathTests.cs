using System.Text;
using ArchGen.Fixtures;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Tests.Security;

/// <summary>No answer tells where something is on the machine.</summary>
public sealed class PathTests
{
    private const string Secret = "/var/lib/secret/place";

    public static TheoryData<string> Kinds => ["model file", "device", "graph", "io", "any", "failed"];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task An_error_has_no_path(string kind)
    {
        await using var server = await TestServer.StartAsync(map: application => application.MapPost("/test/fail", ApiEndpoint.Of(
            OpenAIErrors.Instance, _ => throw Error(kind))));
        var (status, body) = await server.PostAsync("/test/fail", "{}");
        Assert.True((int)status >= 500);
        Assert.DoesNotContain("secret", body.ToJsonString());
    }

    [Fact(Timeout = 60_000)]
    public async Task No_endpoint_tells_where_the_model_is()
    {
        await using var server = await TestServer.StartAsync();
        await Eventually.TrueAsync(() => server.Service<Models.ModelRegistry>().Models[0].IsOpen);
        var folder = Path.GetDirectoryName(SharedFixtures.Local("models/stories260K.gguf"))!;
        foreach (var route in server.Routes())
        {
            foreach (var method in route.Methods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), route.Path);
                const string Wrong = """{"model": "x", "prompt": 1.5, "messages": 3, "content": []}""";
                if (method == "POST") request.Content = new StringContent(Wrong, Encoding.UTF8, "application/json");
                using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var text = await response.Content.ReadAsStringAsync();
                Assert.False(
                    text.Contains(folder, StringComparison.Ordinal) || text.Contains(" at ArchGen.", StringComparison.Ordinal),
                    $"{method} {route.Path}: {text}");
            }
        }
    }

    private static Exception Error(string kind) => kind switch
    {
        "model file" => new ModelFileException($"{Secret} is damaged."),
        "device" => new DeviceException($"{Secret} has no memory."),
        "graph" => new GraphException($"{Secret} has no graph."),
        "io" => new FileNotFoundException("Not found.", Secret),
        "failed" => new ArchGenException($"{Secret} cannot be written."),
        _ => new InvalidOperationException(Secret),
    };
}
