using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Grammars;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;

namespace ArchGen.Server.Anthropic;

/// <summary>A request of a message.</summary>
/// <param name="Conversation">The conversation to answer.</param>
/// <param name="Generation">How the answer is generated.</param>
internal sealed record MessagesRequest(ChatRequest Conversation, ChatGeneration Generation)
{
    /// <summary>Whether the answer comes as events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether the client wants no text of what the model thinks.</summary>
    public bool OmitsThinking { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static MessagesRequest Read(in JsonFields fields, ServedModel model)
    {
        var thinking = fields.Object("thinking");
        var tokens = fields.Whole("max_tokens", 0) ?? throw fields.Missing("max_tokens", "the number of tokens to generate at most");
        if (thinking is { } given && given.RequiredText("type") == "enabled" && given.Any("budget_tokens") is null)
            throw given.Missing("budget_tokens", "a number of tokens");
        var isStreamed = fields.Flag("stream") ?? false;
        var generation = new ChatGeneration
        {
            MaxTokens = tokens,
            StopTexts = LimitFields.StopTexts(fields, "stop_sequences"),
            Sampling = SamplingFields.Read(fields, model.Sampling, model.Model.Tokenizer),
            Priority = LimitFields.Priority(fields),
            ThinkingBudget = ThinkingFields.Budget(fields, model.Options),
            UsesCache = fields.Flag("cache_prompt") ?? true,
            AdapterSet = model.Adapters.DefaultSet,
            ReportsCallParts = isStreamed,
        };
        return new MessagesRequest(ReadConversation(fields, model.Options), generation)
        {
            IsStreamed = isStreamed,
            OmitsThinking = thinking?.Text("display") == "omitted",
        };
    }

    /// <summary>Reads what is answered; it is all that the number of tokens depends on.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static ChatRequest ReadConversation(in JsonFields fields, ServedModelOptions model)
    {
        Refuse(fields);
        var messages = fields.Objects("messages") ?? throw fields.Missing("messages", "an array of messages");
        var tools = MessageTools.Read(fields);
        var (choice, isParallel) = MessageTools.ReadChoice(fields, tools);
        return new ChatRequest
        {
            Messages = MessageContent.Read(fields, messages),
            Tools = tools,
            ToolChoice = choice,
            AllowParallelCalls = isParallel,
            EnableThinking = ThinkingFields.IsEnabled(fields, model),
            ResponseGrammar = Format(fields) ?? ConstraintFields.Read(fields),
            TemplateVariables = ThinkingFields.Variables(fields, model),
        };
    }

    // These run programs or keep files at Anthropic.
    private static void Refuse(in JsonFields fields)
    {
        RefusedFields.Check(fields);
        if (fields.Any("container") is not null) throw fields.Unsupported("container", "this server runs no programs. Leave it out.");
        if (fields.Array("mcp_servers") is { Count: > 0 })
            throw fields.Unsupported("mcp_servers", "this server calls no tools. Give them in 'tools', and call them in the application.");
    }

    // The second place is that of the beta.
    private static TextGrammar? Format(in JsonFields fields)
    {
        if ((fields.Object("output_config")?.Object("format") ?? fields.Object("output_format")) is not { } format) return null;
        var type = format.RequiredText("type");
        if (type != "json_schema") throw format.Unsupported("type", $"{type} is not known; expected json_schema.");
        return ConstraintFields.RequiredSchema(format);
    }
}
