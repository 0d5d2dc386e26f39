using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests;

/// <summary>An answer that came as events: the name and the data of each.</summary>
internal sealed record ServerEvents(HttpStatusCode Status, string? ContentType, IReadOnlyList<(string? Name, JsonNode Data)> Events)
{
    public IEnumerable<string> Names => Events.Select(next => next.Name ?? "");

    /// <summary>The data of the events of a name.</summary>
    public IReadOnlyList<JsonNode> Of(string name) => [.. Events.Where(next => next.Name == name).Select(next => next.Data)];

    /// <summary>Posts JSON and reads the events to the end; comments are left out, and so is the mark of the end.</summary>
    public static async Task<ServerEvents> PostAsync(TestServer server, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new ServerEvents(response.StatusCode, response.Content.Headers.ContentType?.MediaType, Parse(text));
    }

    private static List<(string? Name, JsonNode Data)> Parse(string text)
    {
        var events = new List<(string? Name, JsonNode Data)>();
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            var name = lines.FirstOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal))?[7..];
            var data = lines.FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..];
            if (data is not null and not "[DONE]") events.Add((name, JsonNode.Parse(data)!));
        }

        return events;
    }
}
