using System.Text.Json;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>A schema inside a document. Two of the same path are the same object.</summary>
/// <param name="path">A JSON pointer with <c>#</c>.</param>
/// <param name="element">An object or a Boolean, or what is there in its place.</param>
/// <param name="baseUri">The address against which references inside are resolved.</param>
internal sealed class SchemaNode(string path, JsonElement element, Uri baseUri)
{
    public string Path { get; } = path;

    public JsonElement Element { get; } = element;

    public Uri BaseUri { get; } = baseUri;

    /// <summary>The path of a keyword.</summary>
    public string At(string keyword) => $"{Path}/{Escape(keyword)}";

    /// <summary>A name as a part of a JSON pointer.</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
