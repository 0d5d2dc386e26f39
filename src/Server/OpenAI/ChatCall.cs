using System.Text.Json;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.OpenAI;

/// <summary>A request of an answer in a conversation.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Generation">How the answer is generated.</param>
internal sealed record ChatCall(ChatRequest Conversation, ChatGeneration Generation)
{
    /// <summary>Whether the answer comes as events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether the last event has the tokens of the answer.</summary>
    public bool IncludesUsage { get; init; }

    /// <summary>The likeliest tokens to list for each token; null if no probabilities are wanted.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Where the answer has what the model thought.</summary>
    public ReasoningFormat Reasoning { get; init; }

    /// <summary>Whether each event tells how long the answer took so far.</summary>
    public bool HasTimingsPerToken { get; init; }

    /// <summary>Whether the answer tells what the model reads.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static ChatCall Read(in JsonFields fields, ServedModel model)
    {
        RefusedFields.CheckChat(fields);
        var isStreamed = fields.Flag("stream") ?? false;
        var hasTimings = fields.Flag("timings_per_token") ?? false;
        var logprobs = LogprobsJson.Requested(fields);
        return new ChatCall(ReadConversation(fields, model), Generate(fields, model, logprobs) with
        {
            ReportsTokens = logprobs is not null || (isStreamed && hasTimings),
            ReportsProgress = isStreamed && (fields.Flag("return_progress") ?? false),
        })
        {
            IsStreamed = isStreamed,
            IncludesUsage = fields.Object("stream_options")?.Flag("include_usage") ?? false,
            TopLogprobs = logprobs,
            Reasoning = ThinkingFields.Format(fields, model.Options.ReasoningFormat),
            HasTimingsPerToken = hasTimings,
            IsVerbose = fields.Flag("verbose") ?? false,
        };
    }

    /// <summary>Reads what is answered; it is all that the prompt depends on.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static ChatRequest ReadConversation(in JsonFields fields, ServedModel model)
    {
        var messages = MessageFields.Read(fields);
        CheckContinuation(fields, messages[^1]);
        var tools = ToolFields.Tools(fields);
        var request = new ChatRequest
        {
            Messages = messages,
            Tools = tools,
            ToolChoice = ToolFields.Choice(fields, tools),
            AllowParallelCalls = fields.Flag("parallel_tool_calls") ?? true,
            EnableThinking = ThinkingFields.IsEnabled(fields, model.Options),
            ResponseGrammar = ConstraintFields.Read(fields),
            TemplateVariables = ThinkingFields.Variables(fields, model.Options),
        };
        return request;
    }

    private static ChatGeneration Generate(in JsonFields fields, ServedModel model, int? logprobs)
    {
        var sampling = SamplingFields.Read(fields, model.Sampling, model.Model.Tokenizer);
        return new ChatGeneration
        {
            MaxTokens = LimitFields.MaxTokens(fields, model),
            ThinkingBudget = ThinkingFields.Budget(fields, model.Options),
            ThinkingControl = fields.Flag("reasoning_control") == true ? new ThinkingControl() : null,
            Answers = LimitFields.Answers(fields),
            // The chosen token's probability comes with those of others only.
            Sampling = logprobs is { } count ? sampling with { ProbabilityCount = Math.Max(count, 1) } : sampling,
            StopTexts = LimitFields.StopTexts(fields),
            Priority = LimitFields.Priority(fields),
            UsesCache = fields.Flag("cache_prompt") ?? true,
            ReportsCallParts = true,
            AdapterSet = AdapterFields.Read(fields, model),
        };
    }

    // A last message of the assistant is continued, also where nobody says so, as llama.cpp does.
    private static void CheckContinuation(in JsonFields fields, Message last)
    {
        if (fields.Any("continue_final_message") is not { ValueKind: not JsonValueKind.False } value) return;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is not "content")
            throw fields.Unsupported("continue_final_message", "only the text of a message is continued. Write true.");
        if (fields.Flag("add_generation_prompt") == true)
            throw new RequestException("'continue_final_message' and 'add_generation_prompt' exclude each other. Leave one of them out.");
        if (last.Role != MessageRole.Assistant)
            throw new RequestException("'continue_final_message' is true, but the last message is not the assistant's. Leave it out, or add the message.");
    }
}
