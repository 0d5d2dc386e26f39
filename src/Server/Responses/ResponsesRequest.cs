using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Prompts;
using ArchGen.Grammars;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;

namespace ArchGen.Server.Responses;

/// <summary>A request of a response.</summary>
/// <param name="Conversation">The conversation to answer.</param>
/// <param name="Generation">How the answer is generated.</param>
internal sealed record ResponsesRequest(ChatRequest Conversation, ChatGeneration Generation)
{
    private const int MaxLogprobs = 20;

    /// <summary>Whether the answer comes as events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether the client reads what the model thinks as a summary. It is all of it: models here write none of their own.</summary>
    public bool HasSummary { get; init; }

    /// <summary>Whether each token's probability is reported.</summary>
    public bool HasLogprobs { get; init; }

    /// <summary>How many of the likeliest tokens are reported with it.</summary>
    public int LogprobCount { get; init; }

    /// <summary>Whether events of texts have llama.cpp's times.</summary>
    public bool HasTimings { get; init; }

    /// <summary>
    /// Whether the client asks for what llama.cpp adds: times, and the progress of the prompt. llama.cpp ends each answer with the event that it is complete.
    /// </summary>
    public bool IsOfLlamaCpp { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static ResponsesRequest Read(in JsonFields fields, ServedModel model)
    {
        var likeliest = fields.Whole("top_logprobs", 0, MaxLogprobs) ?? 0;
        var hasLogprobs = likeliest > 0 || (fields.Texts("include")?.Contains("message.output_text.logprobs") ?? false);
        var isStreamed = fields.Flag("stream") ?? false;
        var (hasTimings, reportsProgress) = (fields.Flag("timings_per_token") ?? false, fields.Flag("return_progress") ?? false);
        var generation = new ChatGeneration
        {
            MaxTokens = fields.Whole("max_output_tokens", 1) ?? model.Options.MaxTokens,
            ThinkingBudget = ThinkingFields.Budget(fields, model.Options),
            StopTexts = LimitFields.StopTexts(fields),
            UsesCache = fields.Flag("cache_prompt") ?? true,
            AdapterSet = model.Adapters.DefaultSet,
            Sampling = SamplingFields.Read(fields, model.Sampling, model.Model.Tokenizer) with { ProbabilityCount = hasLogprobs ? Math.Max(likeliest, 1) : 0 },
            Priority = LimitFields.Priority(fields),
            ReportsCallParts = true,
            ReportsTokens = hasLogprobs || hasTimings,
            ReportsProgress = isStreamed && reportsProgress,
        };
        return new ResponsesRequest(ReadConversation(fields, model.Options), generation)
        {
            IsStreamed = isStreamed,
            HasSummary = (fields.Object("reasoning")?.Text("summary") ?? fields.Object("reasoning")?.Text("generate_summary")) is not null,
            HasLogprobs = hasLogprobs,
            LogprobCount = likeliest,
            HasTimings = hasTimings,
            IsOfLlamaCpp = hasTimings || reportsProgress,
        };
    }

    /// <summary>Reads what is answered; it is all that the number of tokens depends on.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static ChatRequest ReadConversation(in JsonFields fields, ServedModelOptions model)
    {
        Refuse(fields);
        var tools = ResponseTools.Read(fields);
        var (choice, callable) = ResponseTools.ReadChoice(fields, tools);
        return new ChatRequest
        {
            Messages = ResponseInput.Read(fields),
            Tools = callable,
            ToolChoice = choice,
            AllowParallelCalls = fields.Flag("parallel_tool_calls") ?? true,
            EnableThinking = ThinkingFields.IsEnabled(fields, model),
            ResponseGrammar = Format(fields) ?? ConstraintFields.Read(fields),
            TemplateVariables = ThinkingFields.Variables(fields, model),
        };
    }

    private static void Refuse(in JsonFields fields)
    {
        RefusedFields.Check(fields);
        const string nothingStored = "this server stores no responses. Send the whole conversation as 'input': what was there before is not computed again.";
        foreach (var name in (string[])["previous_response_id", "conversation"])
        {
            if (fields.Any(name) is not null) throw fields.Unsupported(name, nothingStored);
        }

        if (fields.Any("prompt") is not null) throw fields.Unsupported("prompt", "this server stores no prompts. Send 'instructions' and 'input'.");
        if (fields.Flag("background") == true) throw fields.Unsupported("background", "this server stores no responses. Leave it out, and wait or stream.");
        if (fields.Text("truncation") is { } truncation && truncation != "disabled")
            throw fields.Unsupported("truncation", "nothing is cut here. Leave it out, and send what fits.");
        if (fields.Array("context_management") is { Count: > 0 })
            throw fields.Unsupported("context_management", "nothing is cut here. Leave it out, and send what fits.");
    }

    private static TextGrammar? Format(in JsonFields fields)
    {
        if (fields.Object("text")?.Object("format") is not { } format) return null;
        switch (format.RequiredText("type"))
        {
            case "text": return null;
            case "json_object": return ConstraintFields.AnyObject();
            case "json_schema": return ConstraintFields.RequiredSchema(format);
            case var other: throw format.Unsupported("type", $"{other} is not known; expected text, json_object or json_schema.");
        }
    }
}
