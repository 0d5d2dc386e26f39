using System.Text.Json;

namespace ArchGen.Samples.Router.Routing;

/// <summary>
/// Reads the prompt of a request of OpenAI's, Anthropic's or llama.cpp's API as hashes of blocks. A conversation is written as a text in which a further turn
/// only appends; it need not be the text of the model's template.
/// </summary>
public static class PromptReader
{
    // In the order in which templates write them. What changes from request to request, such as the seed, is not among them.
    private static readonly string[] Beginnings = ["model", "tools", "functions", "instructions", "system"];
    private static readonly string[] Conversations = ["messages", "input", "prompt"];

    /// <summary>The hashes of the prompt's blocks; none if the body is no JSON object, or has no prompt.</summary>
    /// <param name="body">The body of the request.</param>
    /// <param name="options">The size of blocks and their number.</param>
    public static ulong[] Read(ReadOnlyMemory<byte> body, RoutingOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, options) : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The replica says what is wrong with it. (An invalid escape in a string is an InvalidOperationException.)
            return [];
        }
    }

    private static ulong[] Read(JsonElement request, RoutingOptions options)
    {
        var name = Array.Find(Conversations, name => request.TryGetProperty(name, out _));
        if (name is null) return [];
        var chain = new PromptChain(options.BlockCharacters, options.MaxPromptBlocks);
        foreach (var beginning in Beginnings)
        {
            if (request.TryGetProperty(beginning, out var value)) Append(chain, value);
        }

        Append(chain, request.GetProperty(name));
        return chain.Hashes;
    }

    private static void Append(PromptChain chain, JsonElement value)
    {
        if (chain.IsFull) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                chain.Append(value.GetString());
                chain.Append("\n");
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Append(chain, item);
                break;
            case JsonValueKind.Object when value.TryGetProperty("role", out _):
                AppendMessage(chain, value);
                break;
            case JsonValueKind.Object when value.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String:
                Append(chain, text);
                break;
            default:
                chain.Append(value.GetRawText());
                chain.Append("\n");
                break;
        }
    }

    private static void AppendMessage(PromptChain chain, JsonElement message)
    {
        Append(chain, message.GetProperty("role"));
        foreach (var name in (string[])["content", "tool_calls", "tool_call_id"])
        {
            if (message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) Append(chain, value);
        }
    }
}
