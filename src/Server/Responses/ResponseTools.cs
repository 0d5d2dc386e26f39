using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;

namespace ArchGen.Server.Responses;

/// <summary>The tools of a request, and which of them are called. Unlike in chats, the fields of a function are those of the tool.</summary>
internal static class ResponseTools
{
    /// <summary>The functions.</summary>
    /// <exception cref="RequestException">A tool is no function.</exception>
    public static IReadOnlyList<ToolDefinition> Read(in JsonFields fields) => ToolFields.Each(fields, static tool =>
    {
        var type = tool.RequiredText("type");
        return type == "function" ? tool
            : throw tool.Unsupported("type", $"{type} is a tool that OpenAI runs, or one without a schema. Give tools of the type function.");
    });

    /// <summary>Whether tools may or must be called, and those that may be.</summary>
    /// <exception cref="RequestException">The choice is not known, or asks for a tool that there is not.</exception>
    public static (ToolChoice Choice, IReadOnlyList<ToolDefinition> Tools) ReadChoice(in JsonFields fields, IReadOnlyList<ToolDefinition> tools)
    {
        if (fields.Any("tool_choice") is not { ValueKind: JsonValueKind.Object }) return (ToolFields.Choice(fields, tools), tools);
        var choice = fields.Object("tool_choice")!.Value;
        if (choice.Text("type") != "allowed_tools") return (ToolFields.Choice(fields, tools), tools);
        var allowed = new List<ToolDefinition>();
        foreach (var tool in choice.Objects("tools") ?? throw choice.Missing("tools", "an array of tools"))
        {
            var name = tool.RequiredText("name");
            allowed.Add(tools.FirstOrDefault(other => other.Name == name)
                ?? throw new RequestException($"'{tool.At("name")}' is '{name}'; there is no such tool in 'tools'."));
        }

        return (Mode(choice, allowed), allowed);
    }

    private static ToolChoice Mode(in JsonFields choice, List<ToolDefinition> allowed)
    {
        var mode = choice.RequiredText("mode");
        if (mode == "required" && allowed.Count == 0) throw choice.Unsupported("mode", "a call is required, but no tool is allowed. Name one.");
        return mode switch
        {
            "auto" => ToolChoice.Auto,
            "required" => ToolChoice.Required,
            _ => throw choice.Unsupported("mode", $"{mode} is not known; expected auto or required."),
        };
    }
}
