namespace ArchGen.Templates.Capabilities;

/// <summary>The messages and tools of the probes. Their texts are found in no template, so that what is found in a result was read.</summary>
internal static class Conversations
{
    public const string User = "userneedle", Answer = "answerneedle", System = "systemneedle", Reasoning = "reasoningneedle", Tool = "toolneedle",
        OtherTool = "othertoolneedle", Argument = "argumentneedle", OtherArgument = "secondneedle", Result = "resultneedle";

    /// <summary>An id that all templates accept: Mistral's require nine letters and digits.</summary>
    public const string CallId = "callid001";

    public static TemplateValue Message(string role, TemplateValue content, params KeyValuePair<string, TemplateValue>[] more) =>
        TemplateValue.Dict([new("role", TemplateValue.Trusted(role)), new("content", content), .. more]);

    public static TemplateValue Parts(string text) =>
        TemplateValue.List(TemplateValue.Dict(new KeyValuePair<string, TemplateValue>("type", TemplateValue.Trusted("text")), new("text", text)));

    /// <summary>A call of a tool with one argument.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="argument">The value of the argument.</param>
    /// <param name="id">The id.</param>
    /// <param name="asText">Whether the arguments are a string of JSON.</param>
    public static TemplateValue Call(string name, string argument, string id, bool asText)
    {
        var arguments = asText ? "{\"city\": \"" + argument + "\"}" : TemplateValue.Dict(new KeyValuePair<string, TemplateValue>("city", argument));
        var function = TemplateValue.Dict(new KeyValuePair<string, TemplateValue>("name", name), new("arguments", arguments));
        return TemplateValue.Dict(new KeyValuePair<string, TemplateValue>("id", id), new("type", TemplateValue.Trusted("function")), new("function", function));
    }

    public static TemplateValue ToolDefinition(string name)
    {
        using var json = global::System.Text.Json.JsonDocument.Parse($$$$"""
            {"type": "function", "function": {"name": "{{{{name}}}}", "description": "Reads a value.", "parameters": {"type": "object",
            "properties": {"city": {"type": "string", "description": "A city"}}, "required": ["city"]}}}
            """);
        return TemplateValue.FromJson(json.RootElement);
    }
}
