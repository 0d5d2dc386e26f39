using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// A checkpoint's config.json, completed by the defaults of its class. It records the keys that were read. In a config of several models, the text
/// model's keys are those of <c>text_config</c>.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class CheckpointConfig : Config
{
    private const string TextConfig = "text_config";

    private readonly JsonElement _root, _model;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal), _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JsonElement Value, bool IsOfLayout)> _defaults = new(StringComparer.Ordinal);

    /// <param name="root">The file's object.</param>
    /// <param name="place">The file, for messages.</param>
    public CheckpointConfig(JsonElement root, string place)
    {
        (_root, Place) = (root, place);
        IsNested = root.Property(TextConfig) is { ValueKind: JsonValueKind.Object };
        _model = IsNested ? root.Property(TextConfig)!.Value : root;
    }

    /// <summary>The file, for messages.</summary>
    public string Place { get; }

    /// <summary>Whether the model's keys are in <c>text_config</c>.</summary>
    public bool IsNested { get; }

    /// <summary>The number of calls of <see cref="Find"/> that returned a value of the file.</summary>
    internal int Given { get; private set; }

    /// <summary>The number of calls of <see cref="Find"/> that returned a default.</summary>
    internal int Assumed { get; private set; }

    /// <summary>The class of transformers that the checkpoint names first.</summary>
    public string? Class => _root.Property("architectures")?.ItemsOrNone().FirstOrDefault().TextOrNull();

    /// <summary>Adds the defaults of a class, for the keys that the file leaves out. A key that the file states as null stays null.</summary>
    internal void Complete(IEnumerable<ConfigDefaults> defaults, string className)
    {
        foreach (var group in defaults.Where(d => d.HoldsFor(className) && (d.With is null || IsWritten(d.With))))
        {
            foreach (var (key, value) in group.Values) _defaults.TryAdd(key, (ConfigDefaults.Parse(value), group.With is not null));
        }
    }

    /// <summary>The class's default for a key that the file leaves out, if it is a whole number; otherwise null.</summary>
    internal int? DefaultOf(string key) =>
        !IsWritten(key) && HasDefault(key) && _defaults[key].Value is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number)
            ? number
            : null;

    /// <summary>The value of a key or path: the file's, or the class's default where the file leaves it out; null if there is none or it is null.</summary>
    public JsonElement? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var given = FindGiven(path);
        if (given is not null) Given++;
        if (given is not null || IsWritten(path) || !HasDefault(path)) return given;
        var (value, isOfLayout) = _defaults[path];
        // The names of another layout are not read in this one.
        if (isOfLayout) Given++;
        else Assumed++;
        return value;
    }

    /// <summary>The file's own value of a key or path, or null. Keys that transformers 5 moved to the rotary parameters are looked for there first.</summary>
    public JsonElement? FindGiven(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // A stale value beside the rotary parameters counts as read too.
        var inside = ConfigRope.PlacesOf(path, IsObject).Select(Walk).ToList();
        return inside.Prepend(null).Append(Walk(path)).FirstOrDefault(value => value is not null);
    }

    /// <summary>The path of the parameters of rotary embeddings, in layers of full attention where there are several kinds; null if there are none.</summary>
    public string? RopeScope
    {
        get
        {
            var scopes = ConfigRope.Scopes(ConfigRope.FullAttention, IsObject).ToList();
            if (scopes.Count == 0 && _defaults.Keys.FirstOrDefault(key => ConfigRope.IsScaling(key) && HasDefault(key)) is not null) return ConfigRope.Scaling;
            return scopes.FirstOrDefault(scope => RopeType(scope) != "default") ?? scopes.FirstOrDefault();
        }
    }

    /// <summary>The kind of scaling of rotary parameters; <c>default</c> is none. <c>mrope</c>, as older files say, has sections and no scaling.</summary>
    public string RopeType(string scope)
    {
        // Files of transformers 4.43 to 4.57 have both names.
        var names = new[] { "rope_type", "type" }.Select(name => Find($"{scope}.{name}")).ToList();
        var type = names.FirstOrDefault(value => value is { ValueKind: JsonValueKind.String })?.GetString() ?? "default";
        return type == "mrope" ? "default" : type;
    }

    /// <summary>The unread keys that have a value: the path of each in the file, and its name in declarations. Objects are listed key by key.</summary>
    public IReadOnlyList<(string Path, string Key, JsonElement Value)> Unread() => [.. All().Where(leaf => !IsRead(leaf.Key) && !IsNothing(leaf.Value))];

    /// <summary>Counts the keys of a pattern as read.</summary>
    public void Ignore(string pattern)
    {
        foreach (var (_, key, _) in All().Where(leaf => IsNamed(pattern, leaf.Key) || IsNamed(pattern, leaf.Path)).ToList()) _read.Add(key);
    }

    /// <summary>Whether a pattern names a key: <c>*</c> matches anything, and an object's name matches all keys in it.</summary>
    internal static bool IsNamed(string pattern, string key) =>
        FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false) || key.StartsWith(pattern + ".", StringComparison.Ordinal);

    /// <summary>An error about a key.</summary>
    public override ModelFileException Error(string path, string problem) => new($"{Place}: {path} {problem}.");

    /// <inheritdoc/>
    internal override void NoteObjects(string list) => _lists.Add(list);

    /// <inheritdoc/>
    internal override void NoteRead(string path) => _read.Add(path);

    /// <inheritdoc/>
    protected override JsonElement? Read(string key) => Find(key);

    private bool IsObject(string path) => Peek(path) is { ValueKind: JsonValueKind.Object };

    private bool IsWritten(string path) => Peek(path) is not null;

    /// <summary>Whether the class has a default for a key. A default scaling applies as a whole, and only if the file has no rotary parameters.</summary>
    private bool HasDefault(string path) =>
        _defaults.ContainsKey(path) && !(ConfigRope.IsScaling(path) && (IsWritten(ConfigRope.Scaling) || IsWritten(ConfigRope.Parameters)));

    private static bool IsNothing(JsonElement value) => value.ValueKind == JsonValueKind.Null || value.GetRawText() is "[]" or "\"\"";

    private bool IsRead(string key) => _read.Any(read => key == read || key.StartsWith(read + ".", StringComparison.Ordinal));

    private JsonElement? Walk(string path)
    {
        if (Peek(path) is not { } found) return null;
        _read.Add(path);
        return found.ValueKind == JsonValueKind.Null ? null : found;
    }

    private JsonElement? Peek(string path) => At(_model, path);

    /// <summary>All leaves, by their path in the file and by the name that declarations have for them.</summary>
    private IEnumerable<(string Path, string Key, JsonElement Value)> All()
    {
        var own = Leaves(_model, "").Select(leaf => (Path: IsNested ? $"{TextConfig}.{leaf.Path}" : leaf.Path, Key: leaf.Path, leaf.Value));
        if (!IsNested) return own;
        // transformers does not read the keys beside text_config for the text model.
        var beside = Leaves(_root, "").Where(leaf => !leaf.Path.StartsWith(TextConfig + ".", StringComparison.Ordinal));
        return own.Concat(beside.Select(leaf => (leaf.Path, leaf.Path, leaf.Value)));
    }

    private IEnumerable<(string Path, JsonElement Value)> Leaves(JsonElement element, string prefix)
    {
        foreach (var property in element.EnumerateObject())
        {
            var path = prefix + property.Name;
            var isList = _lists.Contains(path);
            if (!isList && (property.Value.ValueKind != JsonValueKind.Object || FloatName(property.Value) is not null))
            {
                yield return (path, property.Value);
                continue;
            }

            foreach (var leaf in isList ? LeavesOfItems(property.Value, path) : Leaves(property.Value, path + ".")) yield return leaf;
        }
    }

    /// <summary>The leaves of a list that was read object by object; what is false is not set.</summary>
    private IEnumerable<(string Path, JsonElement Value)> LeavesOfItems(JsonElement list, string path) =>
        list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            .SelectMany((item, i) => Leaves(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}].")))
            .Where(leaf => leaf.Value.ValueKind != JsonValueKind.False);

    /// <summary>The name of a number that JSON cannot write, such as Infinity, as transformers 5 writes it and <see cref="PythonJson"/> reads it.</summary>
    private static string? FloatName(JsonElement value) => value.Property("__float__")?.TextOrNull();

    /// <summary>A value as the file has it, shortened to 60 characters.</summary>
    public static string Text(JsonElement value)
    {
        var text = value.TextOrNull() ?? FloatName(value) ?? value.GetRawText();
        return text.Length > 60 ? string.Create(CultureInfo.InvariantCulture, $"{text[..60]}... ({text.Length} characters)") : text;
    }
}
