using ArchGen.Chat.Conversations;
using ArchGen.Extensions.AI;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Models;

/// <summary>A model that is open.</summary>
/// <param name="options">How it is served.</param>
/// <param name="service">The model, its engine and its embeddings.</param>
internal sealed class ServedModel(ServedModelOptions options, ArchGenService service)
{
    /// <summary>How it is served.</summary>
    public ServedModelOptions Options => options;

    /// <summary>The name in requests and answers.</summary>
    public string Id => service.ModelId;

    /// <summary>The model, its engine and its embeddings.</summary>
    public ArchGenService Service => service;

    /// <summary>The open file with its graph and its tokenizer.</summary>
    public LoadedModel Model => service.Model;

    /// <summary>Continues tokens.</summary>
    public InferenceEngine Engine => service.Engine;

    /// <summary>Answers conversations.</summary>
    public ChatEngine Chat => service.Chat;
}
