using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>Reads the tools that a model may call, and whether it may or must.</summary>
internal static class ToolFields
{
    private const int MaxNameLength = 256;

    /// <summary>The tools.</summary>
    /// <exception cref="RequestException">One is wrong, or no function.</exception>
    public static IReadOnlyList<ToolDefinition> Tools(in JsonFields fields) => Each(fields, static item =>
    {
        if (item.Text("type") is { } type and not "function")
            throw item.Unsupported("type", $"this server has no tools of the type '{type}'. Give functions, and call them in the application.");
        return item.Object("function") ?? throw item.Missing("function", "an object with a name, a description and parameters");
    });

    /// <summary>The tools of a request in any API; their names must differ.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="select">Checks a tool, and gives the object that has its name, its description and its parameters.</param>
    /// <param name="parameters">The field of the parameters' schema.</param>
    /// <exception cref="RequestException">A tool is wrong, or has the name of another.</exception>
    public static IReadOnlyList<ToolDefinition> Each(in JsonFields fields, Func<JsonFields, JsonFields> select, string parameters = "parameters")
    {
        var tools = new List<ToolDefinition>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.Objects("tools") ?? [])
        {
            var function = select(item);
            var tool = new ToolDefinition(Name(function), function.Text("description"), Parameters(function, parameters));
            if (!names.Add(tool.Name)) throw new RequestException($"'{function.At("name")}' is '{tool.Name}', as that of another tool. Names must differ.");
            tools.Add(tool);
        }

        return tools;
    }

    /// <summary>Whether the model may, must or must not call tools, or one by its name.</summary>
    /// <exception cref="RequestException">The value is unknown, or asks for a tool that is not there.</exception>
    public static ToolChoice Choice(in JsonFields fields, IReadOnlyList<ToolDefinition> tools)
    {
        if (fields.Any("tool_choice") is not { } value) return ToolChoice.Auto;
        var choice = value.ValueKind == JsonValueKind.String ? Kind(fields, value.GetString()!) : Named(fields, tools);
        if (choice.Kind == ToolChoiceKind.Required && tools.Count == 0)
            throw new RequestException($"'{fields.At("tool_choice")}' asks for a call, but there are no tools. Give them in 'tools'.");
        return choice;
    }

    // Mistral's clients write "any".
    private static ToolChoice Kind(in JsonFields fields, string value) => value switch
    {
        "auto" => ToolChoice.Auto,
        "none" => ToolChoice.None,
        "required" or "any" => ToolChoice.Required,
        _ => throw new RequestException($"'{fields.At("tool_choice")}' is '{value}'; expected auto, none, required, or an object with a function's name."),
    };

    private static ToolChoice Named(in JsonFields fields, IReadOnlyList<ToolDefinition> tools)
    {
        var choice = fields.Object("tool_choice")!.Value;
        if (choice.Text("type") is { } type and not "function") throw choice.Unsupported("type", $"'{type}' is not known here; expected function.");
        var function = choice.Object("function") ?? choice;
        var name = function.RequiredText("name");
        return tools.Any(tool => tool.Name == name) ? ToolChoice.Named(name)
            : throw new RequestException($"'{function.At("name")}' is '{name}'; there is no such tool in 'tools'.");
    }

    private static string Name(in JsonFields function)
    {
        var name = function.RequiredText("name");
        var isName = name.Length is > 0 and <= MaxNameLength
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ':' or '/');
        return isName ? name : throw new RequestException($"'{function.At("name")}' is no name of a tool; expected letters, digits, '_', '-' and '.'.");
    }

    private static JsonElement Parameters(in JsonFields function, string field)
    {
        if (function.Object(field) is { } parameters) return parameters.Element.Clone();
        using var none = JsonDocument.Parse("""{"type": "object", "properties": {}}""");
        return none.RootElement.Clone();
    }
}
