using ArchGen.Extensions.AI;
using ArchGen.Server.Http;
using ArchGen.Server.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Models;

/// <summary>
/// The models that can be requested. Each is opened when it is first requested, once for all who ask at the same time, and closed when it was not used for a
/// while or others need its memory; never while it is used.
/// </summary>
internal sealed partial class ModelRegistry : IDisposable
{
    private static readonly TimeSpan UsualKeepAlive = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly ServerOptions _options;
    private readonly ServerMetrics _metrics;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _loads = new(1, 1);
    private volatile ServedModel[] _models;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    /// <summary>Takes the models of the options and of their folder, or those that the application has.</summary>
    /// <exception cref="RequestException">There are none, a model has no path, or two have one name.</exception>
    public ModelRegistry(ServerOptions options, IServiceProvider services, ServerMetrics metrics, ILogger<ModelRegistry> log)
    {
        (_options, _metrics, _log) = (options, metrics, log);
        var models = new List<ServedModel>();
        foreach (var model in options.Models)
        {
            if (model.Model.ModelPath.Length == 0 && model.Model.Open is null) throw new RequestException("A model has no path; expected that of a GGUF file.");
            models.Add(new ServedModel(model));
        }

        if (options.ModelsFolder is { } folder) models.AddRange(NewModels(folder, models));
        if (models.Count == 0 && options.ModelsFolder is null)
            models.AddRange(services.GetServices<ArchGenService>().Select(service => new ServedModel(new ServedModelOptions(), service)));
        if (models.Count == 0 && options.ModelsFolder is null)
            throw new RequestException("There is no model to serve. Add one to ServerOptions.Models, or call AddArchGen.");
        _models = [.. models];
        if (models.GroupBy(model => model.Id).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new RequestException($"Two models are named '{same.Key}'. Give one another name, by ModelId.");
    }

    /// <summary>The models in the order of the options; none of them need be open.</summary>
    public IReadOnlyList<ServedModel> Models => _models;

    /// <summary>Opens the model that a request names, and keeps it open as long as the request says (<c>keep_alive</c>, <c>ttl</c>).</summary>
    /// <inheritdoc cref="AcquireAsync(string?, CancellationToken, TimeSpan?)" path="/exception"/>
    public Task<ModelLease> AcquireAsync(in JsonFields fields, CancellationToken cancellation) =>
        AcquireAsync(fields.Text("model"), cancellation, KeepAlive.Of(fields));

    /// <summary>
    /// Opens a model for a request. A name that is not known means the only model, if there is only one: clients name the model that they were made for.
    /// </summary>
    /// <param name="name">The name in the request; null for the first model.</param>
    /// <param name="cancellation">Ends the waiting, not the opening.</param>
    /// <param name="keepAlive">How long it is kept open afterwards; null for what the options say.</param>
    /// <exception cref="ApiException">There is no such model, or it cannot be opened.</exception>
    public async Task<ModelLease> AcquireAsync(string? name, CancellationToken cancellation, TimeSpan? keepAlive = null)
    {
        var model = Choose(name);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (TryLease(model, keepAlive) is { } lease) return lease;
                if (model.Change is null && !_options.LoadsOnDemand && !model.IsSleeping) throw NotLoaded(model);
                change = model.Change ?? BeginOpen(model);
                model.Waiters++;
            }

            try
            {
                await change.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate) model.Waiters--;
            }
        }
    }

    /// <summary>Opens a model, and keeps no lease.</summary>
    /// <inheritdoc cref="AcquireAsync(string?, CancellationToken, TimeSpan?)" path="/exception"/>
    public async Task LoadAsync(ServedModel model, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (model is { State: ModelState.Loaded, Change: null }) return;
                change = model.Change ?? BeginOpen(model);
            }

            await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Closes a model when its answers have ended.</summary>
    public async Task UnloadAsync(ServedModel model, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (!model.IsOwned || (model.Change is null && model.State is ModelState.Unloaded or ModelState.Failed)) return;
                change = model.Change ?? (model.Users == 0 ? BeginClose(model, isSleeping: false) : _released.Task);
            }

            await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The model of a name or alias; null if there is none. Looks for new files of the folder.</summary>
    public ServedModel? Find(string name)
    {
        if (Known(name) is { } known || _options.ModelsFolder is not { } folder) return Known(name);
        lock (_gate) _models = [.. _models, .. NewModels(folder, _models)];
        return Known(name);
    }

    /// <summary>Seconds after which a full queue has probably room again.</summary>
    public int RetryAfterSeconds() => _models
        .Select(model => model.EngineOrNull is { } engine ? RetryEstimate.Seconds(engine.Metrics, _metrics.Of(model.Id)) : RetryEstimate.Least)
        .DefaultIfEmpty(RetryEstimate.Least).Max();

    /// <inheritdoc/>
    public void Dispose()
    {
        ServedModel[] open;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            // One that is being opened is closed when it is open.
            open = [.. _models.Where(model => model is { State: ModelState.Loaded, Change: null })];
            foreach (var model in open) model.State = ModelState.Unloaded;
        }

        foreach (var model in open)
        {
            model.IdleTimer?.Dispose();
            model.Close();
        }
    }

    private ServedModel Choose(string? name)
    {
        var models = _models;
        if (models.Length == 1 && _options.ModelsFolder is null) return models[0];
        if (name is not null) return Find(name) ?? throw NotFound(name);
        return models.Length > 0 ? models[0] : throw NotFound("");
    }

    private ServedModel? Known(string name) =>
        Array.Find(_models, model => model.Id == name) ?? Array.Find(_models, model => model.Options.Aliases.Contains(name));

    private IEnumerable<ServedModel> NewModels(string folder, IReadOnlyCollection<ServedModel> known)
    {
        var names = known.Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var path in ModelFolder.Find(folder))
        {
            var options = _options.FolderModel(path);
            options.Model.ModelId ??= ModelFolder.NameOf(path);
            if (names.Add(options.Model.ModelId)) yield return new ServedModel(options);
        }
    }

    /// <summary>The error of a name that is none of a model.</summary>
    public ApiException NotFound(string name) => new(new ApiError(
        StatusCodes.Status404NotFound, ErrorKind.NotFound,
        $"There is no model '{name}'. The models are {string.Join(", ", _models.Select(model => model.Id))}.") { Field = "model" });

    private static ApiException NotLoaded(ServedModel model) => new(new ApiError(
        StatusCodes.Status400BadRequest, ErrorKind.InvalidRequest,
        $"The model '{model.Id}' is not loaded, and requests load none here: POST /models/load first."));
}
