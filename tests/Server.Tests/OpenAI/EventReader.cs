using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

/// <summary>Reads a stream of events to its end.</summary>
internal static class EventReader
{
    /// <summary>Posts JSON and reads the events of the answer.</summary>
    /// <returns>The data of each event but the last, which must be <c>[DONE]</c>.</returns>
    public static async Task<IReadOnlyList<JsonNode>> StreamAsync(this TestServer server, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(each => !each.StartsWith(':')).ToList();
        Assert.All(events, each => Assert.StartsWith("data: ", each));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(each => JsonNode.Parse(each["data: ".Length..])!)];
    }

    /// <summary>What the events say of one answer, put together.</summary>
    public static string Join(this IReadOnlyList<JsonNode> events, string field, int choice = 0) => string.Concat(events
        .SelectMany(each => each["choices"]!.AsArray())
        .Where(each => (int)each!["index"]! == choice)
        .Select(each => (string?)(each!["delta"] ?? each)![field]));
}
