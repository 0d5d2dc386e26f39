using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Grammars;

namespace ArchGen.Chat.Prompts;

/// <summary>A conversation to answer.</summary>
public sealed record ChatRequest
{
    /// <summary>The messages so far. If the last one is the assistant's, its text is continued.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>The tools that the model may call. Defaults to none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether it may, must or must not call them. Defaults to <see cref="ToolChoice.Auto"/>.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Whether there may be several calls in an answer. Defaults to true.</summary>
    public bool AllowParallelCalls { get; init; } = true;

    /// <summary>Whether the model thinks before it answers, if its template can say so; null for what the template does by itself.</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>The JSON schema of the answer's text, which is then JSON; null for any text.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>The grammar of the answer's text, in place of a schema; null for any text. What the model thinks before is free.</summary>
    internal TextGrammar? ResponseGrammar { get; init; }

    /// <summary>Further variables of the template, as an object (OpenAI-compatible servers: <c>chat_template_kwargs</c>); null for none.</summary>
    public JsonElement? TemplateVariables { get; init; }
}
