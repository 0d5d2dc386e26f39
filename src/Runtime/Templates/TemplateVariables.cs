using System.Text.Json;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates;

/// <summary>The variables of a rendering by name. Safe for concurrent renderings once they are filled.</summary>
public sealed class TemplateVariables
{
    // What the protocol fixes: a template may build a control token of it, as "<|" + role + "|>".
    private static readonly HashSet<string> TrustedWords = new(StringComparer.Ordinal)
    {
        "system", "user", "assistant", "tool", "developer", "function", "text", "image", "image_url", "audio", "input_audio", "video", "video_url",
    };

    private readonly Dictionary<string, TemplateValue> _values = new(StringComparer.Ordinal);

    /// <summary>The number of variables.</summary>
    public int Count => _values.Count;

    /// <summary>Sets a variable.</summary>
    /// <param name="name">Its name.</param>
    public TemplateValue this[string name]
    {
        set
        {
            ArgumentNullException.ThrowIfNull(name);
            _values[name] = value;
        }
    }

    /// <summary>
    /// The properties of a JSON object as variables, such as messages, tools and add_generation_prompt. Strings have the origin
    /// <see cref="TextOrigin.Input"/>, but for the roles of messages and the types of their parts where they are words of the protocol: user, assistant,
    /// text, image and the like. Templates build control tokens of these.
    /// </summary>
    /// <param name="json">The object.</param>
    /// <exception cref="RequestException">It is no object, or nested more than 512 deep.</exception>
    public static TemplateVariables FromJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new RequestException($"The variables of a template are a JSON {json.ValueKind}, expected an object.");
        var variables = new TemplateVariables();
        foreach (var property in json.EnumerateObject())
        {
            var value = TemplateValue.FromJson(property.Value);
            variables[property.Name] = property.Name == "messages" ? TrustRoles(value) : value;
        }

        return variables;
    }

    /// <summary>
    /// Messages whose roles, and the types of whose parts, have the origin <see cref="TextOrigin.Template"/> where they are words of the protocol, as
    /// <see cref="FromJson"/> gives them.
    /// </summary>
    /// <param name="messages">A list of dicts; any other value is returned as it is.</param>
    public static TemplateValue TrustRoles(TemplateValue messages)
    {
        if (messages.Object is not Sequence list) return messages;
        return TemplateValue.List(list.Items.Select(message => WithTrusted(message, "role")));
    }

    /// <summary>A copy with more variables, which replace those of the same name.</summary>
    /// <param name="others">The other variables.</param>
    public TemplateVariables With(TemplateVariables others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var copy = new TemplateVariables();
        foreach (var (name, value) in _values) copy[name] = value;
        foreach (var (name, value) in others._values) copy[name] = value;
        return copy;
    }

    internal bool TryGet(string name, out TemplateValue value) => _values.TryGetValue(name, out value);

    private static TemplateValue WithTrusted(TemplateValue item, string trustedKey)
    {
        if (item.Object is not Mapping dict) return item;
        var copy = new Mapping();
        foreach (var (key, value) in dict.Entries)
        {
            var name = key.IsString ? key.String.Value : "";
            var isTrusted = name == trustedKey && value.IsString && TrustedWords.Contains(value.String.Value);
            var isParts = trustedKey == "role" && name == "content" && value.Object is Sequence;
            copy.Set(name, isTrusted ? TemplateValue.Trusted(value.String.Value) : isParts ? Parts((Sequence)value.Object!) : value);
        }

        return TemplateValue.Of(copy);
    }

    private static TemplateValue Parts(Sequence parts) => TemplateValue.List(parts.Items.Select(part => WithTrusted(part, "type")));
}
