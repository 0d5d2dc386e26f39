using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Server.Http;

namespace ArchGen.Server.Security;

/// <summary>Limits of what a request may have before anything is made of it: lists and texts that cost more to read than to send.</summary>
internal static class RequestLimits
{
    // A text may be an array of tokens, so lists of inputs are limited where they are lists of texts or lists.
    private static readonly string[] Lists = ["messages", "input", "prompt", "documents", "texts", "stop", "stop_sequences"];

    private static readonly string[] Schemas =
    [
        "response_format", "json_schema", "grammar", "structured_outputs", "guided_json", "guided_regex", "guided_grammar", "guided_choice", "text",
        "output_config", "output_format", "chat_template", "chat_template_kwargs",
    ];

    /// <summary>Checks a request.</summary>
    /// <exception cref="RequestException">It has too much of something.</exception>
    public static void Check(JsonElement request, ServerOptions options)
    {
        var fields = new JsonFields(request);
        foreach (var name in Lists)
        {
            if (fields.Any(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > options.MaxMessages
                && list[0].ValueKind != JsonValueKind.Number)
            {
                throw new RequestException($"'{name}' has {list.GetArrayLength()} elements; expected at most {options.MaxMessages}.");
            }
        }

        foreach (var name in Schemas) CheckSize(fields, name, options);
        if (fields.Any("tools") is not { ValueKind: JsonValueKind.Array } tools) return;
        if (tools.GetArrayLength() > options.MaxTools)
            throw new RequestException($"'tools' has {tools.GetArrayLength()} elements; expected at most {options.MaxTools}.");
        var number = 0;
        foreach (var tool in tools.EnumerateArray()) CheckSize($"tools[{number++}]", tool, options);
    }

    private static void CheckSize(in JsonFields fields, string name, ServerOptions options)
    {
        if (fields.Any(name) is { } value) CheckSize(name, value, options);
    }

    private static void CheckSize(string name, JsonElement value, ServerOptions options)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(value).Length;
        if (bytes > options.MaxSchemaBytes) throw new RequestException($"'{name}' has {bytes} bytes; expected at most {options.MaxSchemaBytes}.");
    }
}
