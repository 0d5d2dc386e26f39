using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Extensions.AI;

/// <summary>Adds a model to the services of an application.</summary>
public static class ArchGenServiceCollectionExtensions
{
    /// <summary>
    /// Adds a model as <see cref="IChatClient"/> and as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>. It is opened when one of them is first used,
    /// and closed with the application.
    /// <code>
    /// services.AddArchGen("model.gguf", options => options.ContextLength = 8192);
    /// </code>
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The path of a GGUF file.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    public static IServiceCollection AddArchGen(this IServiceCollection services, string path, Action<ArchGenOptions>? configure = null)
    {
        var options = new ArchGenOptions { ModelPath = path };
        configure?.Invoke(options);
        services.AddSingleton(_ => new ArchGenService(options));
        services.AddSingleton<IChatClient>(provider => provider.GetRequiredService<ArchGenService>().AsChatClient());
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => provider.GetRequiredService<ArchGenService>().AsEmbeddingGenerator());
        return services;
    }

    /// <summary>A client for a model. Disposing it leaves the model open.</summary>
    public static ArchGenChatClient AsChatClient(this ArchGenService service) => new(service);

    /// <summary>A generator of embeddings for a model. Disposing it leaves the model open.</summary>
    public static ArchGenEmbeddingGenerator AsEmbeddingGenerator(this ArchGenService service) => new(service);
}
