using System.Text.Json.Nodes;

namespace ArchGen.Server.Http;

/// <summary>How an API writes errors.</summary>
internal interface IErrorFormat
{
    /// <summary>The body of an error; also the data of an event where the answer has already begun.</summary>
    JsonObject Body(ApiError error);

    /// <summary>The name of the event that carries an error in a stream; null if events have no names.</summary>
    string? EventName { get; }
}
