using System.Runtime.CompilerServices;
using System.Text.Json;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using Microsoft.Extensions.AI;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;

namespace ArchGen.Extensions.AI;

/// <summary>
/// Converses with a model in this process. Safe for concurrent use: the answers of several callers are computed together. Each option of
/// <see cref="ChatOptions"/> is followed or refused; none is ignored.
/// </summary>
/// <param name="service">The model.</param>
public sealed class ArchGenChatClient(ArchGenService service) : IChatClient
{
    /// <summary>Answers a conversation.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options; null for those of the model.</param>
    /// <param name="cancellationToken">Ends it within one step.</param>
    /// <exception cref="RequestException">An option cannot be followed, or the model's template does not take the conversation.</exception>
    /// <exception cref="ContextFullException">The conversation is longer than the context. Nothing is cut.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <summary>Answers a conversation; its parts come as they are generated. Leaving <c>await foreach</c> early cancels it.</summary>
    /// <inheritdoc cref="GetResponseAsync" path="/param"/>
    /// <inheritdoc cref="GetResponseAsync" path="/exception"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Opening a model takes long: not on the caller's thread.
        var engine = await Task.Run(() => service.Chat, cancellationToken).ConfigureAwait(false);
        var (request, generation) = new ChatRequestReader(service, engine).Read(messages, options);
        var id = $"chatcmpl-{Guid.NewGuid():N}";
        var showsReasoning = options?.Reasoning?.Output != ReasoningOutput.None;
        var warnings = new List<string>();
        using var timer = new RequestTimer(service.ModelId);
        await using var updates = engine.AnswerAsync(request, generation, warnings, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, timer).ConfigureAwait(false))
        {
            var update = updates.Current;
            if (!showsReasoning && update.Part is AnswerReasoning) continue;
            var response = new ChatResponseUpdate
            {
                Role = ChatRole.Assistant,
                ResponseId = id,
                MessageId = id,
                ModelId = service.ModelId,
                CreatedAt = service.Options.Clock.GetUtcNow(),
                RawRepresentation = update,
                FinishReason = update.Finish is { } finish ? Reason(finish.Reason) : null,
                Contents = [update.Part is { } part ? Content(part) : new UsageContent(Usage(update.Finish!))],
            };
            if (update.Finish is { } end)
            {
                timer.Finish(end, response.FinishReason!.Value.Value);
                if (warnings.Count > 0) response.AdditionalProperties = new() { ["warnings"] = warnings };
            }

            yield return response;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(ArchGenTelemetry.ProviderName, providerUri: null, service.ModelId)
        : serviceType == typeof(ArchGenService) ? service
        : serviceType == typeof(ChatEngine) ? service.Chat
        : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: the model belongs to the <see cref="ArchGenService"/>.</summary>
    public void Dispose()
    {
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatUpdate> updates, RequestTimer timer)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            timer.Fail(error);
            throw;
        }
    }

    private static AIContent Content(AnswerPart part) => part switch
    {
        AnswerText text => new TextContent(text.Text),
        AnswerReasoning reasoning => new TextReasoningContent(reasoning.Text),
        AnswerToolCall { Call: var call } => FunctionCallContent.CreateFromParsedArguments(call.Arguments, call.Id, call.Name, Arguments),
        // A text that looks like a call and is none must not be lost.
        AnswerMalformedCall call => new TextContent(call.Text) { AdditionalProperties = new() { ["malformed_call"] = call.Reason } },
        _ => throw new InvalidOperationException($"{part.GetType().Name} has no content."),
    };

    private static Dictionary<string, object?> Arguments(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value.Clone());
    }

    private static UsageDetails Usage(ChatFinish finish) => new()
    {
        InputTokenCount = finish.Usage.PromptTokens,
        CachedInputTokenCount = finish.Usage.CachedTokens,
        OutputTokenCount = finish.Usage.GeneratedTokens,
        ReasoningTokenCount = finish.ReasoningTokens,
        TotalTokenCount = finish.Usage.PromptTokens + finish.Usage.GeneratedTokens,
    };

    private static ChatFinishReason Reason(ArchGen.Chat.Conversations.ChatFinishReason reason) => reason switch
    {
        ArchGen.Chat.Conversations.ChatFinishReason.Length => ChatFinishReason.Length,
        ArchGen.Chat.Conversations.ChatFinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };
}
