using System.Text.Json;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>A schema's document: its dialect, and the schemas that references in it can mean.</summary>
internal sealed class SchemaDocument
{
    private const string DefaultAddress = "json-schema:///";

    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaNode> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaNode> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _dynamicAnchors = new(StringComparer.Ordinal);

    public SchemaDocument(JsonElement root)
    {
        Draft = DraftOf(root);
        var identifier = Identifier(root);
        Root = new("#", root, identifier is null ? new(DefaultAddress) : Resolve(new(DefaultAddress), identifier, "#/$id"));
        _nodes.Add("#", Root);
        _resources[Address(Root.BaseUri)] = Root;
        _resources.TryAdd(DefaultAddress, Root);
        Index();
    }

    /// <summary>The year and month of the dialect as one number, such as 202012; drafts 4, 6 and 7 are 4, 6 and 7.</summary>
    public int Draft { get; }

    public SchemaNode Root { get; }

    /// <summary>Whether keywords beside <c>$ref</c> count: not before draft 2019-09.</summary>
    public bool IgnoresSiblingsOfReferences => Draft < 100;

    /// <summary>The schema at a place inside another.</summary>
    public SchemaNode Child(SchemaNode parent, JsonElement element, params ReadOnlySpan<string> steps)
    {
        var path = parent.Path;
        foreach (var step in steps) path = $"{path}/{SchemaNode.Escape(step)}";
        if (_nodes.TryGetValue(path, out var known)) return known;
        var identifier = Identifier(element);
        var baseUri = identifier is null || identifier.StartsWith('#') ? parent.BaseUri : Resolve(parent.BaseUri, identifier, $"{path}/$id");
        SchemaNode node = new(path, element, baseUri);
        _nodes.Add(path, node);
        return node;
    }

    /// <summary>The schema that a reference means.</summary>
    /// <exception cref="SchemaException">It is outside of the document, or there is none.</exception>
    public SchemaNode Find(SchemaNode from, string reference, string keyword)
    {
        var path = from.At(keyword);
        if (keyword == "$dynamicRef") CheckDynamic(reference, path);
        var target = Resolve(from.BaseUri, reference, path);
        var fragment = Uri.UnescapeDataString(target.Fragment.TrimStart('#'));
        var address = Address(target);
        if (fragment.Length > 0 && !fragment.StartsWith('/'))
        {
            return _anchors.GetValueOrDefault($"{address}#{fragment}") ?? throw NotFound(reference, path);
        }

        var node = _resources.GetValueOrDefault(address)
            ?? throw new SchemaException($"\"{reference}\" is not in the document; only references inside it can be used", path);
        foreach (var step in fragment.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = Step(node, name) ?? throw NotFound(reference, path);
        }

        return node;
    }

    private SchemaNode? Step(SchemaNode node, string name)
    {
        if (node.Element.ValueKind == JsonValueKind.Array)
        {
            var isIndex = int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index);
            return isIndex && index < node.Element.GetArrayLength() ? Child(node, node.Element[index], name) : null;
        }

        return node.Element.ValueKind == JsonValueKind.Object && node.Element.TryGetProperty(name, out var element) ? Child(node, element, name) : null;
    }

    private void CheckDynamic(string reference, string path)
    {
        var name = reference.Split('#')[^1];
        if (_dynamicAnchors.GetValueOrDefault(name) > 1)
        {
            throw new SchemaException($"\"{reference}\" means different schemas depending on where it is reached from; use $ref", path);
        }
    }

    /// <summary>Finds the identifiers and anchors of all schemas.</summary>
    private void Index()
    {
        Stack<SchemaNode> open = new([Root]);
        while (open.TryPop(out var node))
        {
            if (node.Element.ValueKind != JsonValueKind.Object) continue;
            if (Identifier(node.Element) is { } identifier)
            {
                if (identifier.StartsWith('#')) _anchors.TryAdd($"{Address(node.BaseUri)}{identifier}", node);
                else _resources.TryAdd(Address(node.BaseUri), node);
            }

            foreach (var keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
            {
                if (!node.Element.TryGetProperty(keyword, out var anchor) || anchor.ValueKind != JsonValueKind.String) continue;
                _anchors.TryAdd($"{Address(node.BaseUri)}#{anchor.GetString()}", node);
                if (keyword == "$dynamicAnchor") _dynamicAnchors[anchor.GetString()!] = _dynamicAnchors.GetValueOrDefault(anchor.GetString()!) + 1;
            }

            foreach (var child in Subschemas.Of(this, node)) open.Push(child);
        }
    }

    private string? Identifier(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (IgnoresSiblingsOfReferences && element.TryGetProperty("$ref", out _)) return null;
        var isThere = element.TryGetProperty(Draft == 4 ? "id" : "$id", out var identifier);
        return isThere && identifier.ValueKind == JsonValueKind.String ? identifier.GetString() : null;
    }

    private static int DraftOf(JsonElement root)
    {
        var schema = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("$schema", out var given) ? given : default;
        var name = schema.ValueKind == JsonValueKind.String ? schema.GetString()! : "";
        if (name.Contains("draft-03", StringComparison.Ordinal)) throw new SchemaException("draft 3 is not supported; use draft 4 or later", "#/$schema");
        if (name.Contains("draft-04", StringComparison.Ordinal)) return 4;
        if (name.Contains("draft-06", StringComparison.Ordinal)) return 6;
        if (name.Contains("draft-07", StringComparison.Ordinal)) return 7;
        return name.Contains("2019-09", StringComparison.Ordinal) ? 201909 : 202012;
    }

    private static Uri Resolve(Uri baseUri, string reference, string path) =>
        Uri.TryCreate(baseUri, reference, out var result) ? result : throw new SchemaException($"\"{reference}\" is not a valid address", path);

    private static string Address(Uri uri) => uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);

    private static SchemaException NotFound(string reference, string path) => new($"there is no schema at \"{reference}\"", path);
}
