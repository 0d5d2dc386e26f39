using System.Text.Json;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>A value of tokenizer.json with its place in the file, so that what is wrong can be named.</summary>
internal readonly record struct JsonSection(JsonElement Value, string Place)
{
    public bool IsMissing => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A member of an object; missing if it is not there.</summary>
    public JsonSection this[string name] =>
        new(Require(JsonValueKind.Object, "an object").Value.TryGetProperty(name, out var value) ? value : default, $"{Place}.{name}");

    /// <summary>The name in the member <c>type</c>.</summary>
    public string Type => this["type"].Text();

    public IEnumerable<JsonSection> Items()
    {
        var index = 0;
        foreach (var item in Require(JsonValueKind.Array, "an array").Value.EnumerateArray()) yield return new(item, $"{Place}[{index++}]");
    }

    public IEnumerable<(string Name, JsonSection Value)> Members()
    {
        foreach (var member in Require(JsonValueKind.Object, "an object").Value.EnumerateObject())
        {
            yield return (member.Name, new(member.Value, $"{Place}[{Gguf.MessageText.Quote(member.Name)}]"));
        }
    }

    public string Text() => Require(JsonValueKind.String, "a string").Value.GetString()!;

    public string? TextOrNull() => IsMissing ? null : Text();

    public bool Flag(bool missing) => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Undefined or JsonValueKind.Null => missing,
        _ => throw Wrong("true or false"),
    };

    /// <summary>A number from zero to a limit.</summary>
    public int Number(int max)
    {
        Require(JsonValueKind.Number, "a number");
        return Value.TryGetInt32(out var number) && number >= 0 && number <= max ? number : throw Wrong($"a whole number from 0 to {max}");
    }

    public double Real()
    {
        Require(JsonValueKind.Number, "a number");
        return Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong("a finite number");
    }

    /// <summary>The error for a value that is not what it should be.</summary>
    public ModelFileException Wrong(string expected) => new(
        $"{Place} is {(IsMissing ? "missing" : Gguf.MessageText.Quote(Shortened()))}; {expected} was expected. Download the file again, or repair it.");

    /// <summary>The error for a component that is not known.</summary>
    public ModelFileException UnknownType(string kind, string known) => new(
        $"{Place}: the {kind} {Gguf.MessageText.Quote(Type)} is not known, and to leave it out would give wrong tokens. Known are {known}.");

    private JsonSection Require(JsonValueKind kind, string expected) => Value.ValueKind == kind ? this : throw Wrong(expected);

    private string Shortened()
    {
        if (Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return Value.ValueKind == JsonValueKind.Object ? "an object" : "an array";
        var text = Value.GetRawText();
        return text.Length <= 60 ? text : text[..60];
    }
}
