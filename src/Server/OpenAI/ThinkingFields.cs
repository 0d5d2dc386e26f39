using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>Reads whether and how long a model thinks, and the variables of its template.</summary>
internal static class ThinkingFields
{
    /// <summary>Whether the model thinks; null for what its template does by itself.</summary>
    /// <exception cref="RequestException">A value is of a wrong type.</exception>
    public static bool? IsEnabled(in JsonFields fields, ServedModelOptions model)
    {
        var variables = fields.Object("chat_template_kwargs");
        return variables?.Flag("enable_thinking") ?? variables?.Flag("thinking") ?? fields.Flag("enable_thinking") ?? Switch(fields)
            ?? (Effort(fields) == "none" ? false : model.EnableThinking);
    }

    /// <summary>Tokens of thinking at most; null for no limit, which requests also write as -1.</summary>
    /// <exception cref="RequestException">A value is of a wrong type.</exception>
    public static int? Budget(in JsonFields fields, ServedModelOptions model)
    {
        // What must not think, but is made to by its template, ends at once.
        if (IsEnabled(fields, model) == false) return 0;
        var budget = fields.Whole("thinking_budget_tokens", -1) ?? fields.Whole("reasoning_budget_tokens", -1) ?? fields.Whole("reasoning_budget", -1)
            ?? Thinking(fields)?.Whole("budget_tokens", 0);
        return budget < 0 ? null : budget ?? model.ThinkingBudget;
    }

    /// <summary>Where an answer has what the model thought.</summary>
    /// <exception cref="RequestException">The value is unknown.</exception>
    public static ReasoningFormat Format(in JsonFields fields, ReasoningFormat usual) => fields.Text("reasoning_format") switch
    {
        null => fields.Flag("include_reasoning") == false ? ReasoningFormat.Hidden : usual,
        "auto" or "deepseek" => ReasoningFormat.Field,
        "none" => ReasoningFormat.Text,
        "deepseek-legacy" => ReasoningFormat.Both,
        "hidden" => ReasoningFormat.Hidden,
        var other => throw new RequestException(
            $"'{fields.At("reasoning_format")}' is '{other}'; expected auto, deepseek, deepseek-legacy, none or hidden."),
    };

    /// <summary>The further variables of the template; null for none.</summary>
    /// <exception cref="RequestException">They are no object.</exception>
    public static JsonElement? Variables(in JsonFields fields, ServedModelOptions model)
    {
        // llama.cpp tells these to every template. Some take silence about thinking for a no, and some have a date of long ago.
        var variables = Usual(fields, model);
        foreach (var (name, value) in model.TemplateVariables is { } usual ? JsonNode.Parse(usual.GetRawText())!.AsObject() : [])
            variables[name] = value?.DeepClone();
        if (Effort(fields) is { } effort and not "none") variables["reasoning_effort"] = effort;
        if (fields.Flag("add_generation_prompt") == false && fields.Any("continue_final_message") is null) variables["add_generation_prompt"] = false;
        foreach (var (name, value) in fields.Object("chat_template_kwargs") is { } given ? JsonNode.Parse(given.Element.GetRawText())!.AsObject() : [])
            variables[name] = value?.DeepClone();
        if (variables.Count == 0) return null;
        using var document = JsonDocument.Parse(variables.ToJsonString());
        return document.RootElement.Clone();
    }

    // Anthropic's field, which DeepSeek's and other APIs of OpenAI's form have, too.
    private static bool? Switch(in JsonFields fields) => Thinking(fields) is not { } thinking ? null : thinking.Text("type") switch
    {
        null => null,
        "enabled" or "adaptive" => true,
        "disabled" => false,
        var other => throw thinking.Unsupported("type", $"{other} is not known; expected enabled, adaptive or disabled."),
    };

    private static JsonFields? Thinking(in JsonFields fields) =>
        fields.Any("thinking") is { ValueKind: JsonValueKind.Object } ? fields.Object("thinking") : null;

    private static JsonObject Usual(in JsonFields fields, ServedModelOptions model)
    {
        var today = model.Model.Clock.GetLocalNow();
        var variables = new JsonObject { ["date_string"] = today.ToString("dd MMM yyyy", CultureInfo.InvariantCulture) };
        if (IsEnabled(fields, model) is null) variables["enable_thinking"] = true;
        return variables;
    }

    // In OpenAI's two APIs, and in Anthropic's.
    private static string? Effort(in JsonFields fields) =>
        fields.Text("reasoning_effort") ?? fields.Object("reasoning")?.Text("effort") ?? fields.Object("output_config")?.Text("effort");
}
