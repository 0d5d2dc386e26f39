using ArchGen.Templates.Jinja.Running;
using static ArchGen.Templates.Capabilities.Conversations;

namespace ArchGen.Templates.Capabilities;

/// <summary>Renders the probes and looks at what comes out.</summary>
/// <param name="template">The template.</param>
internal sealed class CapabilityProbe(Template template)
{
    private static readonly RenderOptions Options = new() { MaxSteps = 1_000_000, MaxLength = 1 << 20, MaxCharacters = 16 << 20, AllowsListChanges = true };

    private readonly SortedSet<string> _variables = new(StringComparer.Ordinal);
    private bool _usesParts; // whether the texts of the probes are lists of parts

    private TemplateValue Ask => Message("user", Text(User));

    public TemplateCapabilities Run()
    {
        var isText = Has(Render([Ask]), User);
        var isParts = HasPlain(Render([Message("user", Parts(User))]), User);
        _usesParts = isParts && !isText;
        var withoutPrompt = Render([Ask], generationPrompt: false);
        var calls = Calls(asText: false);
        var callsAsText = Calls(asText: true);
        return new TemplateCapabilities
        {
            ContentParts = isParts,
            ContentMustBeParts = _usesParts,
            SystemRole = System(),
            Tools = Has(Render([Ask], tools: true), Tool),
            ToolCalls = HasCall(calls) || HasCall(callsAsText),
            ArgumentsMustBeObject = HasCall(calls) && (!HasCall(callsAsText) || callsAsText!.Contains("\\\"city", StringComparison.Ordinal)),
            ParallelToolCalls = Has(Calls(asText: !HasCall(calls), count: 2), OtherArgument),
            ToolResponses = Has(Calls(asText: !HasCall(calls), withResult: true), Result),
            ToolCallIds = Has(calls ?? callsAsText, CallId) || Has(Calls(asText: !HasCall(calls), withResult: true), CallId),
            ThinkingSwitch = Switch("enable_thinking") ?? Switch("thinking"),
            ReasoningEffort = Render([Ask], ("reasoning_effort", "low")) != Render([Ask], ("reasoning_effort", "high")),
            ReasoningKey = Array.Find(["reasoning_content", "reasoning", "thinking"], HasReasoning),
            GenerationPrompt = withoutPrompt is not null && Render([Ask]) is { } text && text != withoutPrompt,
            Prefill = Has(Render([Ask, Message("assistant", Text(Answer))], generationPrompt: false), Answer),
            Variables = [.. _variables],
        };
    }

    private static bool Has(string? text, string needle) => text?.Contains(needle, StringComparison.Ordinal) == true;

    // Not as a quoted string: that is the list itself, printed.
    private static bool HasPlain(string? text, string needle) =>
        text?.IndexOf(needle, StringComparison.Ordinal) is >= 0 and var at && (at == 0 || text[at - 1] is not ('\'' or '"'));

    private static bool HasCall(string? text) => Has(text, Tool) && Has(text, Argument);

    private TemplateValue Text(string text) => _usesParts ? Parts(text) : text;

    private SystemRole System()
    {
        var text = Render([Message("system", Text(Conversations.System)), Ask]);
        return text is null ? SystemRole.Refused : Has(text, Conversations.System) ? SystemRole.Supported : SystemRole.Ignored;
    }

    // A switch acts after a question, or in the prompt for the answer.
    private string? Switch(string name) => Render([Ask], (name, true)) != Render([Ask], (name, false)) ? name : null;

    // Many templates write the thinking only of an answer after the last question, and then only with calls.
    private bool HasReasoning(string key)
    {
        var thinking = new KeyValuePair<string, TemplateValue>(key, Reasoning);
        var answer = Message("assistant", Text(Answer), thinking);
        var call = Message("assistant", Text(Answer), thinking, new("tool_calls", TemplateValue.List(Call(Tool, Argument, CallId, asText: false))));
        return Has(Render([Ask, answer], generationPrompt: false), Reasoning) || Has(Render([Ask, answer, Ask]), Reasoning)
            || Has(Render([Ask, call, Response(CallId)], tools: true), Reasoning);
    }

    private static TemplateValue Response(string id) =>
        Message("tool", Result, new("tool_call_id", id), new("name", Tool));

    // A conversation with calls. Null is the content that clients send beside calls; a template that refuses it gets an empty text.
    private string? Calls(bool asText, int count = 1, bool withResult = false)
    {
        TemplateValue[] calls = [Call(Tool, Argument, CallId, asText), Call(OtherTool, OtherArgument, "callid002", asText)];
        TemplateValue[] results = withResult ? [Response(CallId), Response("callid002")] : [];
        string? text = null;
        foreach (var content in new[] { Text(""), TemplateValue.None })
        {
            var message = Message("assistant", content, new KeyValuePair<string, TemplateValue>("tool_calls", TemplateValue.List(calls[..count])));
            text = Render([Ask, message, .. results.Take(count)], generationPrompt: withResult, tools: true);
            if (text is not null) break;
        }

        return text;
    }

    private string? Render(TemplateValue[] messages, (string Name, TemplateValue Value) variable) => Render(messages, variables: variable);

    /// <summary>The text; null if the template raises an error.</summary>
    private string? Render(
        TemplateValue[] messages, bool generationPrompt = true, bool tools = false, (string Name, TemplateValue Value)? variables = null)
    {
        var given = new TemplateVariables
        {
            ["messages"] = TemplateValue.List(messages),
            ["add_generation_prompt"] = generationPrompt,
            ["bos_token"] = TemplateValue.Trusted(""),
            ["eos_token"] = TemplateValue.Trusted(""),
        };
        if (tools) given["tools"] = TemplateValue.List(ToolDefinition(Tool), ToolDefinition(OtherTool));
        if (variables is { } variable) given[variable.Name] = variable.Value;
        try
        {
            return template.Render(new Renderer(given, Options) { Observer = name => _variables.Add(name) }).Text;
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
