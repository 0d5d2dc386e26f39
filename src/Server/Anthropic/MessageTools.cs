using ArchGen.Chat.Messages;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;

namespace ArchGen.Server.Anthropic;

/// <summary>The tools of a request, and which of them are called.</summary>
internal static class MessageTools
{
    /// <summary>The tools.</summary>
    /// <exception cref="RequestException">A tool is one that Anthropic runs, or has no schema.</exception>
    public static IReadOnlyList<ToolDefinition> Read(in JsonFields fields) => ToolFields.Each(
        fields,
        static tool =>
        {
            if (tool.Text("type") is { } type && type != "custom")
                throw tool.Unsupported("type", $"{type} is a tool of Anthropic's. Give a tool of your own, with 'name' and 'input_schema'.");
            return tool.Any("input_schema") is not null ? tool : throw tool.Missing("input_schema", "a JSON schema");
        },
        "input_schema");

    /// <summary>Whether tools may or must be called, and whether several.</summary>
    /// <exception cref="RequestException">The choice is not known, or asks for a tool that there is not.</exception>
    public static (ToolChoice Choice, bool IsParallel) ReadChoice(in JsonFields fields, IReadOnlyList<ToolDefinition> tools)
    {
        if (fields.Object("tool_choice") is not { } choice) return (ToolChoice.Auto, true);
        var isParallel = !(choice.Flag("disable_parallel_tool_use") ?? false);
        var type = choice.RequiredText("type");
        if (type is "any" or "tool" && tools.Count == 0)
            throw choice.Unsupported("type", $"{type} asks for a call, but the request has no tools. Give 'tools', or leave the choice out.");
        return type switch
        {
            "auto" => (ToolChoice.Auto, isParallel),
            "any" => (ToolChoice.Required, isParallel),
            "none" => (ToolChoice.None, isParallel),
            "tool" => (ToolChoice.Named(choice.RequiredText("name")), isParallel),
            _ => throw choice.Unsupported("type", $"{type} is not known; expected auto, any, tool or none."),
        };
    }
}
