using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Server.Http;

namespace ArchGen.Server.Generation;

/// <summary>Reads the variables of the chat template that a request sets.</summary>
internal static class TemplateFields
{
    /// <summary>The variables: <c>chat_template_kwargs</c>, and the effort of thinking, for which templates know three words. Null if there are none.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="holder">The object that has the effort; null for none.</param>
    /// <param name="name">Its name there.</param>
    /// <exception cref="RequestException">A value is of a wrong type, or the effort is not known.</exception>
    public static JsonElement? Read(in JsonFields fields, JsonFields? holder, string name)
    {
        var given = fields.Object("chat_template_kwargs");
        if (holder is not { } place || place.Text(name) is not { } effort || effort == "none") return given?.Element;
        var variables = given is { } some ? JsonNode.Parse(some.Element.GetRawText())!.AsObject() : [];
        variables["reasoning_effort"] = effort switch
        {
            "minimal" or "low" => "low",
            "medium" => "medium",
            "high" or "xhigh" or "max" => "high",
            _ => throw place.Unsupported(name, $"{effort} is not known; expected none, minimal, low, medium, high, xhigh or max."),
        };
        using var document = JsonDocument.Parse(variables.ToJsonString());
        return document.RootElement.Clone();
    }
}
