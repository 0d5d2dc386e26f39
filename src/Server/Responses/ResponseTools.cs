using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.Responses;

/// <summary>The tools of a request, and which of them are called.</summary>
internal static class ResponseTools
{
    /// <summary>The functions.</summary>
    /// <exception cref="RequestException">A tool is no function.</exception>
    public static IReadOnlyList<ToolDefinition> Read(in JsonFields fields)
    {
        if (fields.Objects("tools") is not { } tools) return [];
        var definitions = new List<ToolDefinition>(tools.Count);
        foreach (var tool in tools)
        {
            var type = tool.RequiredText("type");
            if (type != "function")
                throw tool.Unsupported("type", $"{type} is a tool that OpenAI runs, or none with a schema. Give tools of the type function.");
            definitions.Add(new ToolDefinition(tool.RequiredText("name"), tool.Text("description"), tool.Object("parameters")?.Element ?? Empty()));
        }

        return definitions;
    }

    /// <summary>Whether tools may or must be called, and those that may be.</summary>
    /// <exception cref="RequestException">The choice is not known, or asks for a tool that there is not.</exception>
    public static (ToolChoice Choice, IReadOnlyList<ToolDefinition> Tools) ReadChoice(in JsonFields fields, IReadOnlyList<ToolDefinition> tools)
    {
        if (fields.Any("tool_choice") is not { } value) return (ToolChoice.Auto, tools);
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Object)) throw fields.Wrong("tool_choice", value, "a string or an object");
        if (value.ValueKind == JsonValueKind.String) return (Mode(fields, "tool_choice", tools), tools);
        var choice = fields.Object("tool_choice")!.Value;
        switch (choice.RequiredText("type"))
        {
            case "function":
                var name = choice.RequiredText("name");
                Require(choice, name, tools);
                return (ToolChoice.Named(name), tools);
            case "allowed_tools":
                var names = (choice.Objects("tools") ?? throw choice.Missing("tools", "an array of tools")).Select(tool => tool.RequiredText("name")).ToList();
                foreach (var allowed in names) Require(choice, allowed, tools);
                ToolDefinition[] callable = [.. tools.Where(tool => names.Contains(tool.Name))];
                return (Mode(choice, "mode", callable), callable);
            case var other: throw choice.Unsupported("type", $"{other} is no function. Expected function or allowed_tools.");
        }
    }

    private static ToolChoice Mode(in JsonFields fields, string name, IReadOnlyList<ToolDefinition> tools)
    {
        var mode = fields.Text(name);
        if (mode == "required" && tools.Count == 0)
            throw fields.Unsupported(name, "a call is required, but the request has no tools. Give 'tools', or leave the choice out.");
        return mode switch
        {
            null or "auto" => ToolChoice.Auto,
            "none" => ToolChoice.None,
            "required" => ToolChoice.Required,
            _ => throw fields.Unsupported(name, $"{mode} is not known; expected auto, none or required."),
        };
    }

    private static void Require(in JsonFields choice, string name, IReadOnlyList<ToolDefinition> tools)
    {
        if (tools.All(tool => tool.Name != name)) throw new RequestException($"'{choice.Path}' names {name}, but the request has no such tool.");
    }

    // A function without parameters.
    private static JsonElement Empty()
    {
        using var document = JsonDocument.Parse("""{"type": "object", "properties": {}}""");
        return document.RootElement.Clone();
    }
}
