using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;

namespace ArchGen.Server.Responses;

/// <summary>Errors of the Responses API: OpenAI's, and once the events have begun, the event that the response failed.</summary>
internal sealed class ResponsesErrors : IErrorFormat
{
    /// <summary>The response whose events have begun; null before.</summary>
    public ResponseWriter? Response { get; set; }

    /// <inheritdoc/>
    public string? EventName => "response.failed";

    /// <inheritdoc/>
    public JsonObject Body(ApiError error) => Response?.Failed(error) ?? OpenAIErrors.Instance.Body(error);
}
