using System.Globalization;
using System.Text.Json;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Runtime.Sampling;
using Microsoft.Extensions.AI;

namespace ArchGen.Extensions.AI;

/// <summary>Reads the options of a request. One that cannot be followed is an error.</summary>
/// <param name="service">The model.</param>
/// <param name="engine">What answers.</param>
internal sealed class ChatRequestReader(ArchGenService service, ChatEngine engine)
{
    /// <summary>The conversation, and how the answer is generated.</summary>
    /// <exception cref="RequestException">An option or a message cannot be followed.</exception>
    public (ChatRequest Request, ChatGeneration Generation) Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        options ??= new();
        Refuse(options);
        var generation = options.RawRepresentationFactory?.Invoke(service.AsChatClient()) switch
        {
            null => new ChatGeneration(),
            ChatGeneration given => given,
            var other => throw new RequestException($"RawRepresentationFactory made a {other.GetType().Name}; expected a {nameof(ChatGeneration)}."),
        };
        var schema = Schema(options.ResponseFormat);
        var request = new ChatRequest
        {
            Messages = ChatMessages.Of(messages, Instructions(options, schema)),
            Tools = [.. (options.Tools ?? []).Select(Tool)],
            ToolChoice = Choice(options.ToolMode),
            AllowParallelCalls = options.AllowMultipleToolCalls ?? true,
            EnableThinking = options.Reasoning?.Effort is { } effort ? effort != ReasoningEffort.None : null,
            ResponseSchema = schema,
            TemplateVariables = TemplateVariables(options),
        };
        return (request, generation with
        {
            MaxTokens = options.MaxOutputTokens ?? generation.MaxTokens,
            StopTexts = [.. options.StopSequences ?? [], .. generation.StopTexts],
            Sampling = Sampling(options, generation.Sampling ?? SamplerOptions.Of(engine.Engine.Model.File.Metadata)),
        });
    }

    private void Refuse(ChatOptions options)
    {
        if (options.ModelId is { } model && model != service.ModelId) throw new RequestException($"There is no model {model}; this is {service.ModelId}.");
        if (options.ConversationId is not null)
        {
            throw new RequestException("ConversationId is set, but ArchGen keeps no conversations. Give all messages each time: what they share is not "
                + "computed again.");
        }

        if (options.ContinuationToken is not null || options.AllowBackgroundResponses == true)
            throw new RequestException("Answers in the background cannot be had. Leave AllowBackgroundResponses and ContinuationToken out.");
        if (options.Reasoning?.Output == ReasoningOutput.Summary)
            throw new RequestException("Reasoning.Output is Summary; models of ArchGen have their full reasoning or none. Choose Full or None.");
        if (options.Reasoning?.Effort is { } effort && effort != ReasoningEffort.None && !engine.Template.CanThink)
            throw new RequestException($"Reasoning.Effort is {effort}, but {service.ModelId} does not think before it answers. Leave it out.");
    }

    private string? Instructions(ChatOptions options, JsonElement? schema)
    {
        var isShown = service.Options.ShowsResponseSchema && options.ResponseFormat is ChatResponseFormatJson { Schema: not null };
        if (schema is null || !isShown) return options.Instructions;
        var about = $"Answer with JSON that follows this schema:\n{schema.Value.GetRawText()}";
        return string.IsNullOrEmpty(options.Instructions) ? about : $"{options.Instructions}\n\n{about}";
    }

    private static ToolDefinition Tool(AITool tool) => tool is AIFunctionDeclaration function
        ? new ToolDefinition(function.Name, function.Description, function.JsonSchema)
        : throw new RequestException($"The tool {tool.Name} is a {tool.GetType().Name}, which ArchGen does not have. Give functions.");

    private static ToolChoice Choice(ChatToolMode? mode) => mode switch
    {
        null or AutoChatToolMode => ToolChoice.Auto,
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Named(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => throw new RequestException($"The tool mode {mode.GetType().Name} is not known; expected Auto, None or Required."),
    };

    private static JsonElement? Schema(ChatResponseFormat? format)
    {
        if (format is null or ChatResponseFormatText) return null;
        if (format is not ChatResponseFormatJson json)
            throw new RequestException($"The response format {format.GetType().Name} is not known; expected text or JSON.");
        if (json.Schema is { } schema) return ClosedSchema.OfAnswer(schema);
        using var document = JsonDocument.Parse("""{"type": "object"}""");
        return document.RootElement.Clone();
    }

    private static JsonElement? TemplateVariables(ChatOptions options)
    {
        var effort = options.Reasoning?.Effort switch
        {
            null or ReasoningEffort.None => null,
            ReasoningEffort.ExtraHigh => "high",
            var value => value.ToString()!.ToLowerInvariant(),
        };
        if (effort is null) return null;
        using var document = JsonDocument.Parse($$"""{"reasoning_effort": "{{effort}}"}""");
        return document.RootElement.Clone();
    }

    private static SamplerOptions Sampling(ChatOptions options, SamplerOptions sampling)
    {
        sampling = sampling with
        {
            Temperature = options.Temperature ?? sampling.Temperature,
            TopP = options.TopP ?? sampling.TopP,
            TopK = options.TopK ?? sampling.TopK,
            FrequencyPenalty = options.FrequencyPenalty ?? sampling.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty ?? sampling.PresencePenalty,
            Seed = options.Seed is { } seed ? Seed(seed) : sampling.Seed,
        };
        foreach (var (key, value) in options.AdditionalProperties ?? []) sampling = With(sampling, key, value);
        return sampling;
    }

    // The names of llama.cpp's server.
    private static SamplerOptions With(SamplerOptions sampling, string key, object? value) => key switch
    {
        "min_p" => sampling with { MinP = Number(key, value) },
        "typical_p" => sampling with { TypicalP = Number(key, value) },
        "repeat_penalty" => sampling with { RepetitionPenalty = Number(key, value) },
        "repeat_last_n" => sampling with { RepetitionWindow = (int)Number(key, value) },
        _ => throw new RequestException($"The property {key} of the options means nothing to ArchGen; known are min_p, typical_p, repeat_penalty and "
            + $"repeat_last_n. For others, give a {nameof(ChatGeneration)} by RawRepresentationFactory."),
    };

    private static float Number(string key, object? value)
    {
        try
        {
            return value is JsonElement json ? json.GetSingle() : Convert.ToSingle(value, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            throw new RequestException($"The property {key} is {value}; expected a number.", error);
        }
    }

    private static uint Seed(long seed) => seed is >= 0 and <= uint.MaxValue
        ? (uint)seed
        : throw new RequestException($"The seed is {seed}; expected 0 to {uint.MaxValue}.");
}
