using System.Diagnostics;
using ArchGen.Chat.Conversations;
using static ArchGen.Extensions.AI.ArchGenTelemetry;

namespace ArchGen.Extensions.AI;

/// <summary>The span and the measurements of one answer.</summary>
internal sealed class RequestTimer : IDisposable
{
    private readonly string _model;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private bool _hasBegun;
    private string? _error = "cancelled";

    /// <summary>Starts.</summary>
    /// <param name="model">The model's name.</param>
    public RequestTimer(string model)
    {
        _model = model;
        _activity = Activities.StartActivity($"{ChatOperation} {model}", ActivityKind.Internal);
        _activity?.SetTag(Operation, ChatOperation).SetTag(Provider, ProviderName).SetTag(RequestModel, model);
    }

    /// <summary>A part of the answer has come.</summary>
    public void Part()
    {
        if (_hasBegun) return;
        _hasBegun = true;
        TimeToFirstToken.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, Tags());
    }

    /// <summary>The answer has ended.</summary>
    public void Finish(ChatFinish finish, string reason)
    {
        _error = null;
        _activity?.SetTag(ResponseModel, _model).SetTag(FinishReasons, new[] { reason })
            .SetTag(InputTokens, finish.Usage.PromptTokens).SetTag(OutputTokens, finish.Usage.GeneratedTokens);
        TokenUsage.Record(finish.Usage.PromptTokens, [.. Tags(), new(TokenType, "input")]);
        TokenUsage.Record(finish.Usage.GeneratedTokens, [.. Tags(), new(TokenType, "output")]);
    }

    /// <summary>The answer has failed.</summary>
    public void Fail(Exception error)
    {
        _error = error.GetType().Name;
        _activity?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag(ErrorType, _error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, _error is null ? Tags() : [.. Tags(), new(ErrorType, _error)]);
        _activity?.Dispose();
    }

    private KeyValuePair<string, object?>[] Tags() => [new(Operation, ChatOperation), new(Provider, ProviderName), new(RequestModel, _model)];
}
