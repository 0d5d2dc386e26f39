using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary>Reads a whole stream of events.</summary>
internal static class EventReader
{
    public static async Task<IReadOnlyList<JsonNode>> EventsAsync(this TestServer server, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split("\n\n").Where(part => part.StartsWith("data: ", StringComparison.Ordinal)).Select(part => JsonNode.Parse(part[6..])!)];
    }
}
