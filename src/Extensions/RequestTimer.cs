using System.Diagnostics;
using ArchGen.Chat.Conversations;
using static ArchGen.Extensions.AI.ArchGenTelemetry;

namespace ArchGen.Extensions.AI;

/// <summary>The span of one answer, and its measurement if it fails.</summary>
internal sealed class RequestTimer : IDisposable
{
    private readonly string _model;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private string? _error = "cancelled";

    /// <summary>Starts.</summary>
    /// <param name="model">The model's name.</param>
    public RequestTimer(string model)
    {
        _model = model;
        _activity = Activities.StartActivity($"{ChatOperation} {model}", ActivityKind.Internal);
        _activity?.SetTag(Operation, ChatOperation).SetTag(Provider, ProviderName).SetTag(RequestModel, model);
    }

    /// <summary>The answer has ended.</summary>
    public void Finish(ChatFinish finish, string reason)
    {
        _error = null;
        _activity?.SetTag(ResponseModel, _model).SetTag(FinishReasons, new[] { reason })
            .SetTag(InputTokens, finish.Usage.PromptTokens).SetTag(OutputTokens, finish.Usage.GeneratedTokens);
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
        // The engine records answers that have ended.
        if (_error is not null)
        {
            KeyValuePair<string, object?>[] tags =
                [new(Operation, ChatOperation), new(Provider, ProviderName), new(RequestModel, _model), new(ErrorType, _error)];
            Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        }

        _activity?.Dispose();
    }
}
