using System.Globalization;

namespace ArchGen;

/// <summary>Reads hyper-parameters for generated code: each key by name, type and range, with a message that states the remedy.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed partial class HyperParameterReader(IModelSource source, string architecture)
{
    /// <summary>A whole number, required.</summary>
    public int Int32(string key) => FindInt32(key) ?? throw Missing(key, "a whole number");

    /// <summary>A whole number, or null; for a list of strings, their number.</summary>
    public int? FindInt32(string key) => Find(key) switch
    {
        null => null,
        // For a list of names, their number.
        string[] names => names.Length,
        // A single value stored as a list of equal values.
        Array { Length: > 0 } array when array.Cast<object>().Distinct().Count() == 1 => AsInt32(key, array.GetValue(0)!),
        var value => AsInt32(key, value),
    };

    /// <summary>A number, required.</summary>
    public float Single(string key) => FindSingle(key) ?? throw Missing(key, "a number");

    /// <summary>A number, or null.</summary>
    public float? FindSingle(string key) => Find(key) switch
    {
        null => null,
        var value => AsSingle(key, value),
    };

    /// <summary>True or false, required.</summary>
    public bool Boolean(string key) => FindBoolean(key) ?? throw Missing(key, "true or false");

    /// <summary>True or false, or null.</summary>
    public bool? FindBoolean(string key) => Find(key) switch
    {
        null => null,
        var value => AsBoolean(key, value),
    };

    /// <summary>Text, required.</summary>
    public string Text(string key) => FindText(key) ?? throw Missing(key, "text");

    /// <summary>Text, or null.</summary>
    public string? FindText(string key) => Find(key) switch
    {
        null => null,
        string text => text,
        var other => throw Error(key, $"is {Describe(other)}, expected text"),
    };

    /// <summary>The scaling of rotary embeddings.</summary>
    public RopeScaling RopeScaling(string key) => ArchGen.RopeScaling.Read(this, key);

    /// <summary>The size of the vocabulary: from the key, else from the tokenizer's list, else from the rows of the embedding.</summary>
    public int VocabSize(string key) => FindInt32(key) ?? source.FindArrayLength("tokenizer.ggml.tokens")
        ?? (source.FindTensor("token_embd.weight") is [var rows, ..] && rows <= int.MaxValue ? (int)rows : throw Missing(key, "a whole number"));

    /// <summary>An error about a key.</summary>
    public ModelFileException Error(string key, string problem) =>
        new($"{source.FileName}: key {Full(key)} {problem}. Convert the model again, or correct the key.");

    /// <summary>A key with the architecture's prefix, which keys of the tokenizer and the constants of xIELU do not have.</summary>
    internal static string FullKey(string architecture, string key) =>
        Guard.NotNull(key).StartsWith("tokenizer.", StringComparison.Ordinal) || key.StartsWith("xielu.", StringComparison.Ordinal)
            ? key : $"{architecture}.{key}";

    private string Full(string key) => FullKey(architecture, key);

    private object? Find(string key) => source.FindKey(Full(key));

    private int AsInt32(string key, object value) => value switch
    {
        long number and >= 0 and <= int.MaxValue => (int)number,
        bool flag => flag ? 1 : 0,
        long number => throw Error(key, $"is {number}, expected a number from 0 to {int.MaxValue}"),
        double number => throw Error(key, $"is {Describe(number)}, expected a whole number, as the architecture declares it; "
            + $"if {Describe(number)} is right, its declaration should say float"),
        _ => throw Error(key, $"is {Describe(value)}, expected a whole number"),
    };

    private float AsSingle(string key, object value) => value switch
    {
        double number when float.IsFinite((float)number) => (float)number,
        long number => number,
        _ => throw Error(key, $"is {Describe(value)}, expected a number"),
    };

    private bool AsBoolean(string key, object value) => value switch
    {
        bool flag => flag,
        long number and (0 or 1) => number == 1,
        _ => throw Error(key, $"is {Describe(value)}, expected true or false"),
    };

    private ModelFileException Missing(string key, string expected) => source.Missing(Full(key), expected)
        ?? new($"{source.FileName}: key {Full(key)} is missing, expected {expected}. The file is not a complete {architecture} model; convert it again.");

    private static string Describe(object value) => value switch
    {
        string text => $"the text '{(text.Length > 40 ? text[..40] + "..." : text)}'",
        double number => number.ToString(CultureInfo.InvariantCulture),
        Array array => $"a list of {array.Length} values",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "nothing",
    };
}
