using System.Text.Json.Nodes;
using ArchGen.Server.Http;

namespace ArchGen.Server.Responses;

/// <summary>What a response repeats of its request. Clients of OpenAI's API expect these fields, whether or not the request had them.</summary>
internal static class ResponseEcho
{
    /// <summary>The fields.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="request">What was read of it.</param>
    /// <param name="modelId">The name of the model, for a request that names none.</param>
    public static JsonObject Of(in JsonFields fields, ResponsesRequest request, string modelId)
    {
        var sampling = request.Generation.Sampling!;
        return new JsonObject
        {
            ["model"] = fields.Text("model") ?? modelId,
            ["background"] = false,
            ["instructions"] = Copy(fields, "instructions"),
            ["max_output_tokens"] = Copy(fields, "max_output_tokens"),
            ["max_tool_calls"] = Copy(fields, "max_tool_calls"),
            ["metadata"] = Copy(fields, "metadata") ?? new JsonObject(),
            ["parallel_tool_calls"] = request.Conversation.AllowParallelCalls,
            ["previous_response_id"] = null,
            ["prompt_cache_key"] = Copy(fields, "prompt_cache_key"),
            ["reasoning"] = Copy(fields, "reasoning") ?? new JsonObject { ["effort"] = null, ["summary"] = null },
            ["safety_identifier"] = Copy(fields, "safety_identifier"),
            ["seed"] = sampling.Seed,
            ["service_tier"] = "default",
            ["store"] = false,
            ["temperature"] = sampling.Temperature,
            ["text"] = Copy(fields, "text") ?? new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = Copy(fields, "tool_choice") ?? "auto",
            ["tools"] = Copy(fields, "tools") ?? new JsonArray(),
            ["top_logprobs"] = fields.Whole("top_logprobs") ?? 0,
            ["top_p"] = sampling.TopP,
            ["truncation"] = "disabled",
            ["user"] = Copy(fields, "user"),
        };
    }

    private static JsonNode? Copy(in JsonFields fields, string name) => fields.Any(name) is { } value ? JsonNode.Parse(value.GetRawText()) : null;
}
