using ArchGen.Extensions.AI;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Models;

/// <summary>The models that can be requested. Each is opened when it is first requested, once for all who ask at the same time.</summary>
internal sealed class ModelRegistry : IDisposable
{
    private readonly List<ServedModel> _models = [];
    private readonly bool _ownsModels;

    /// <summary>Takes the models of the options, or those that the application has.</summary>
    /// <exception cref="RequestException">There are none, or a model has no path.</exception>
    public ModelRegistry(ServerOptions options, IServiceProvider services)
    {
        _ownsModels = options.Models.Count > 0;
        foreach (var model in options.Models)
        {
            var adapters = new ServedAdapters(model);
            _models.Add(new ServedModel(model, new ArchGenService(model.Model), adapters));
        }

        if (!_ownsModels) _models.AddRange(services.GetServices<ArchGenService>().Select(service => new ServedModel(new ServedModelOptions(), service)));
        if (_models.Count == 0) throw new RequestException("There is no model to serve. Add one to ServerOptions.Models, or call AddArchGen.");
    }

    /// <summary>The models in the order of the options; none of them need be open.</summary>
    public IReadOnlyList<ServedModel> Models => _models;

    /// <summary>
    /// Opens a model for a request. A name that is not known means the only model, if there is only one: clients name the model that they were made for.
    /// </summary>
    /// <param name="name">The name in the request; null for the first model.</param>
    /// <param name="cancellation">Ends the waiting, not the opening.</param>
    /// <exception cref="ApiException">There is no such model.</exception>
    /// <exception cref="ModelFileException">Its file cannot be opened.</exception>
    public async Task<ModelLease> AcquireAsync(string? name, CancellationToken cancellation)
    {
        var model = name is null || _models.Count == 1 ? _models[0] : Find(name) ?? throw NotFound(name);
        // Opening takes long: not on the thread of the request.
        await Task.Run(() => model.Model, CancellationToken.None).WaitAsync(cancellation).ConfigureAwait(false);
        return new ModelLease(model, () => { });
    }

    /// <summary>The model of a name or alias; null if there is none.</summary>
    public ServedModel? Find(string name) =>
        _models.FirstOrDefault(model => model.Id == name) ?? _models.FirstOrDefault(model => model.Options.Aliases.Contains(name));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ownsModels) return;
        foreach (var model in _models) model.Service.Dispose();
    }

    private ApiException NotFound(string name) => new(new ApiError(
        StatusCodes.Status404NotFound, ErrorKind.NotFound,
        $"There is no model '{name}'. The models are {string.Join(", ", _models.Select(model => model.Id))}.") { Field = "model" });
}
