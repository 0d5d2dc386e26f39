using System.Numerics;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates;

/// <summary>
/// A value of a template: None, a boolean, a number, a string, a list, a dict, or what a template makes of them. The default value is an undefined variable.
/// </summary>
public readonly struct TemplateValue
{
    private readonly object? _reference;
    private readonly long _bits;

    private TemplateValue(ValueKind kind, object? reference, long bits = 0)
    {
        (Kind, _reference, _bits) = (kind, reference, bits);
    }

    internal ValueKind Kind { get; }

    /// <summary>None.</summary>
    public static TemplateValue None { get; } = new(ValueKind.None, null);

    internal static TemplateValue Undefined { get; } = new(ValueKind.Undefined, UndefinedReason.Unnamed);

    internal bool IsMissing => Kind == ValueKind.Missing;

    internal bool IsUndefined => Kind is ValueKind.Undefined or ValueKind.Missing;

    internal bool IsNone => Kind == ValueKind.None;

    internal bool IsString => Kind == ValueKind.String;

    /// <summary>Whether it is an integer or, as in Python, a boolean.</summary>
    internal bool IsInteger => Kind is ValueKind.Integer or ValueKind.BigInteger or ValueKind.Boolean;

    internal bool IsNumber => IsInteger || Kind == ValueKind.Float;

    internal bool Boolean => _bits != 0;

    internal long Integer => _bits;

    internal double Float => BitConverter.Int64BitsToDouble(_bits);

    internal JinjaString String => (JinjaString)_reference!;

    internal object? Object => Kind == ValueKind.Object ? _reference : null;

    internal UndefinedReason UndefinedReason => _reference as UndefinedReason ?? UndefinedReason.Unnamed;

    /// <summary>The integer of an integer or boolean.</summary>
    internal BigInteger BigInteger => Kind == ValueKind.BigInteger ? (BigInteger)_reference! : _bits;

    /// <summary>A string of the caller: its characters have the origin <see cref="TextOrigin.Input"/>.</summary>
    /// <param name="value">The string; null is None.</param>
    public static implicit operator TemplateValue(string? value) =>
        value is null ? None : Of(new JinjaString(value, TextOrigin.Input));

    /// <summary>A boolean.</summary>
    /// <param name="value">The boolean.</param>
    public static implicit operator TemplateValue(bool value) => new(ValueKind.Boolean, null, value ? 1 : 0);

    /// <summary>An integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator TemplateValue(long value) => new(ValueKind.Integer, null, value);

    /// <summary>A float.</summary>
    /// <param name="value">The float.</param>
    public static implicit operator TemplateValue(double value) => new(ValueKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>An integer of any size.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator TemplateValue(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (long)value : new TemplateValue(ValueKind.BigInteger, value);

    /// <summary>A string in which control tokens may be read, such as the text of the BOS token: <see cref="TextOrigin.Template"/>.</summary>
    /// <param name="value">The string. It must not come from a stranger.</param>
    public static TemplateValue Trusted(string value) => Of(new JinjaString(value, TextOrigin.Template));

    /// <summary>A list.</summary>
    /// <param name="items">Its elements.</param>
    public static TemplateValue List(params IEnumerable<TemplateValue> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Of(new Sequence([.. items]));
    }

    /// <summary>A dict; keys keep their order.</summary>
    /// <param name="entries">Keys and values. Of equal keys, the last value counts.</param>
    public static TemplateValue Dict(params IEnumerable<KeyValuePair<string, TemplateValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var dict = new Mapping();
        foreach (var (key, value) in entries) dict.Set(key, value);
        return Of(dict);
    }

    /// <summary>A JSON value; its strings, keys too, have the origin <see cref="TextOrigin.Input"/>. Objects keep the order of their keys.</summary>
    /// <param name="json">The value.</param>
    /// <exception cref="RequestException">It is nested more than 512 deep.</exception>
    public static TemplateValue FromJson(System.Text.Json.JsonElement json) => JsonValues.Read(json, 0);

    /// <summary>A JSON value; its strings, keys too, have the origin <see cref="TextOrigin.Input"/>. Objects keep the order of their keys.</summary>
    /// <param name="json">The value; null is None.</param>
    /// <exception cref="RequestException">It is nested more than 512 deep.</exception>
    public static TemplateValue FromJson(System.Text.Json.Nodes.JsonNode? json) => JsonValues.Read(json, 0);

    /// <summary>The JSON value that a reader comes to next; it is read to its end.</summary>
    /// <param name="reader">The reader.</param>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public static TemplateValue FromJson(ref System.Text.Json.Utf8JsonReader reader)
    {
        using var document = System.Text.Json.JsonDocument.ParseValue(ref reader);
        return FromJson(document.RootElement);
    }

    /// <summary>The value as Python's repr shows it.</summary>
    public override string ToString() => Kind == ValueKind.Missing ? "Undefined" : Jinja.Formatting.Representation.ForMessage(this);

    internal static TemplateValue Of(JinjaString value) => new(ValueKind.String, value);

    internal static TemplateValue Of(JinjaObject value) => new(ValueKind.Object, value);

    internal static TemplateValue UndefinedFor(UndefinedReason reason) => new(ValueKind.Undefined, reason);
}
