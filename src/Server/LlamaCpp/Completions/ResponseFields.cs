using System.Text.Json.Nodes;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary>Picks the fields of an answer that a request asks for: <c>response_fields</c>.</summary>
internal static class ResponseFields
{
    /// <summary>
    /// The answer with some of its fields. A field of a field, <c>timings/predicted_n</c>, is given under this name. One that is not there is left out.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="names">The names; none for all fields.</param>
    public static JsonObject Pick(JsonObject answer, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return answer;
        var picked = new JsonObject();
        foreach (var name in names)
        {
            JsonNode? value = answer;
            var isThere = true;
            foreach (var part in name.Split('/')) isThere = isThere && value is JsonObject fields && fields.TryGetPropertyValue(part, out value);
            if (isThere) picked[name] = value?.DeepClone();
        }

        return picked;
    }
}
