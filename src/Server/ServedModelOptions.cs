using ArchGen.Extensions.AI;

namespace ArchGen.Server;

/// <summary>A model that is served.</summary>
public sealed class ServedModelOptions
{
    /// <summary>How it is opened; its <see cref="ArchGenOptions.ModelId"/> is the name under which it is listed.</summary>
    public ArchGenOptions Model { get; } = new();

    /// <summary>Further names under which it can be requested. Defaults to none.</summary>
    public IList<string> Aliases { get; } = [];

    /// <summary>Words that describe it in lists of models. Defaults to none.</summary>
    public IList<string> Tags { get; } = [];
}
