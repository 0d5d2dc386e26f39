using System.Globalization;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Models;

/// <content>Opening and closing. What begins with Begin, and what takes or ends a lease, is called under the lock.</content>
internal sealed partial class ModelRegistry
{
    private ModelLease? TryLease(ServedModel model, TimeSpan? keepAlive)
    {
        if (model is not { State: ModelState.Loaded, Change: null }) return null;
        model.Users++;
        model.KeepAlive = keepAlive;
        model.IdleTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return new ModelLease(model, () => Release(model));
    }

    private void Release(ServedModel model)
    {
        lock (_gate)
        {
            if (--model.Users > 0) return;
            Unused(model);
            Pulse();
        }
    }

    // The time until it is closed begins.
    private void Unused(ServedModel model)
    {
        model.LastUsed = _options.Clock.GetTimestamp();
        var time = KeepAliveOf(model);
        if (time == Timeout.InfiniteTimeSpan || !model.IsOwned || _isDisposed) return;
        model.IdleTimer ??= _options.Clock.CreateTimer(
            _ => CloseIfIdle(model), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        model.IdleTimer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan KeepAliveOf(ServedModel model) =>
        model.KeepAlive ?? _options.KeepAlive ?? (_models.Length == 1 ? Timeout.InfiniteTimeSpan : UsualKeepAlive);

    private void CloseIfIdle(ServedModel model)
    {
        lock (_gate)
        {
            // The timer may be one that was set before the last request.
            if (model.IsIdle && _options.Clock.GetElapsedTime(model.LastUsed) >= KeepAliveOf(model)) BeginClose(model, isSleeping: true);
        }
    }

    // Those who wait for a model to be released look again.
    private void Pulse()
    {
        var released = _released;
        _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        released.SetResult();
    }

    private Task BeginOpen(ServedModel model)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        model.State = ModelState.Loading;
        var opening = Task.Run(() => OpenAsync(model));
        // Its waiters may all have gone.
        _ = opening.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return model.Change = opening;
    }

    private async Task OpenAsync(ServedModel model)
    {
        // One at a time, so that each sees the memory that is left.
        await _loads.WaitAsync().ConfigureAwait(false);
        try
        {
            await MakeRoomAsync(model).ConfigureAwait(false);
            var start = _options.Clock.GetTimestamp();
            model.Open(_metrics.AnswerEnded);
            Opened(_log, model.Id, _options.Clock.GetElapsedTime(start).TotalMilliseconds, model.Bytes);
            // What was measured may be more than the size of the file.
            await MakeRoomAsync(model).ConfigureAwait(false);
            End(model, ModelState.Loaded);
        }
        catch (Exception error)
        {
            model.Close();
            LogFailure(model, error);
            model.Failure = error;
            End(model, ModelState.Failed);
            throw error is ApiException ? error : new ApiException(new ApiError(
                StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable,
                $"The model '{model.Id}' could not be loaded. The server's log has the reason."));
        }
        finally
        {
            _loads.Release();
        }
    }

    private void End(ServedModel model, ModelState state)
    {
        bool closes;
        lock (_gate)
        {
            closes = _isDisposed && state == ModelState.Loaded;
            model.State = closes ? ModelState.Unloaded : state;
            model.Change = null;
            if (state == ModelState.Loaded) (model.IsSleeping, model.Failure) = (false, null);
            if (state == ModelState.Loaded && !closes) Unused(model);
            Pulse();
        }

        if (closes) model.Close();
    }

    // Closes models that are not used, the longest unused first, until there is room; waits for one if all are used.
    private async Task MakeRoomAsync(ServedModel model)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                var others = _models.Where(other => other != model && (other.State is ModelState.Loaded or ModelState.Unloading)).ToArray();
                var bytes = others.Sum(other => other.Bytes) + model.Bytes;
                var isFew = _options.MaxLoadedModels == 0 || others.Length < _options.MaxLoadedModels;
                if (isFew && (_options.MaxModelBytes is not { } most || bytes <= most)) return;
                if (others.Length == 0) throw TooLarge(model);
                var victim = others.Where(other => other.IsIdle).MinBy(other => other.LastUsed);
                change = victim is not null ? BeginClose(victim, isSleeping: false)
                    : others.FirstOrDefault(other => other.State == ModelState.Unloading)?.Change ?? _released.Task;
            }

            await change.ConfigureAwait(false);
        }
    }

    private Task BeginClose(ServedModel model, bool isSleeping)
    {
        model.State = ModelState.Unloading;
        model.IdleTimer?.Dispose();
        model.IdleTimer = null;
        return model.Change = Task.Run(() =>
        {
            try
            {
                model.Close();
                Closed(_log, model.Id, isSleeping);
            }
            catch (Exception error)
            {
                LogFailure(model, error);
            }

            lock (_gate) (model.IsSleeping, model.KeepAlive) = (isSleeping, null);
            End(model, ModelState.Unloaded);
        });
    }

    private ApiException TooLarge(ServedModel model) => new(new ApiError(
        StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable,
        string.Create(
            CultureInfo.InvariantCulture, $"The model '{model.Id}' takes {model.Bytes >> 20} MiB; all models may take {_options.MaxModelBytes >> 20} MiB.")));

    // An error of ours says all in its message; of another, the place in the program is wanted.
    private void LogFailure(ServedModel model, Exception error)
    {
        if (error is ArchGenException) Refused(_log, model.Id, error.Message);
        else Failed(_log, model.Id, error);
    }

    [LoggerMessage(1, LogLevel.Information, "Loaded {Model} in {Milliseconds:0} ms; it takes {Bytes} bytes")]
    private static partial void Opened(ILogger log, string model, double milliseconds, long bytes);

    [LoggerMessage(2, LogLevel.Error, "{Model} could not be loaded or closed")]
    private static partial void Failed(ILogger log, string model, Exception error);

    [LoggerMessage(3, LogLevel.Information, "Unloaded {Model}; because it was not used: {WasIdle}")]
    private static partial void Closed(ILogger log, string model, bool wasIdle);

    [LoggerMessage(4, LogLevel.Error, "{Model} could not be loaded or closed: {Reason}")]
    private static partial void Refused(ILogger log, string model, string reason);
}
