using System.Text.Json;

namespace ArchGen;

/// <summary>An object in a list of config.json.</summary>
/// <param name="outer">The config with the list.</param>
/// <param name="place">Its path there: <c>block_configs[3]</c>.</param>
/// <param name="element">The object.</param>
internal sealed class ConfigObject(Config outer, string place, JsonElement element) : Config
{
    /// <inheritdoc/>
    public override ModelFileException Error(string path, string problem) => outer.Error($"{place}.{path}", problem);

    /// <inheritdoc/>
    internal override void NoteObjects(string list) => outer.NoteObjects($"{place}.{list}");

    /// <inheritdoc/>
    internal override void NoteRead(string path) => outer.NoteRead($"{place}.{path}");

    /// <inheritdoc/>
    protected override JsonElement? Read(string key)
    {
        NoteRead(key);
        return At(element, key) is { ValueKind: not JsonValueKind.Null } found ? found : null;
    }
}
