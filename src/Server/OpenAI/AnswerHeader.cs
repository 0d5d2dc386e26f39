using System.Text.Json.Nodes;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>What all objects of one answer begin with.</summary>
/// <param name="kind">The kind of object, such as <c>chat.completion</c>.</param>
/// <param name="idPrefix">The beginning of its id.</param>
/// <param name="model">The name of the model.</param>
/// <param name="created">When it was begun.</param>
internal sealed class AnswerHeader(string kind, string idPrefix, string model, DateTimeOffset created)
{
    /// <summary>The id of the answer.</summary>
    public string Id { get; } = Identifier.New(idPrefix);

    /// <summary>A new object.</summary>
    public JsonObject With(params JsonNode[] choices) => new()
    {
        ["id"] = Id,
        ["object"] = kind,
        ["created"] = created.ToUnixTimeSeconds(),
        ["model"] = model,
        ["system_fingerprint"] = ServerVersion.Build,
        ["choices"] = new JsonArray([.. choices]),
    };
}
