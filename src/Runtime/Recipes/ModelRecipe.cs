using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ArchGen.Files;
using ArchGen.Gguf;

namespace ArchGen.Recipes;

/// <summary>
/// A small random model described exactly, in JSON: GGUF metadata, tensors with the rule of their weights (<see cref="RandomWeights"/>), and a prompt;
/// with the results of a reference for that prompt where somebody computed them. <c>docs/sabotage.md</c> describes the format.
/// </summary>
public sealed class ModelRecipe
{
    // A recipe is a model of a few hundred thousand weights; this stops one that would fill the memory.
    private const long MaximumWeights = 1L << 26;

    private readonly JsonElement _recipe;
    private readonly string _fileName;

    private ModelRecipe(string name, string fileName, JsonElement recipe, float[]? expected)
    {
        (Name, _fileName, _recipe, Expected) = (name, fileName, recipe, expected);
        Architecture = Text(Property("architecture"), "architecture");
        Tokens = [.. Elements(Property("tokens"), "tokens").Select(t => t.IntegerOrNull() is >= 0 and <= int.MaxValue and var id ? (int)id : throw Wrong("tokens", t, "token ids"))];
        if (Tokens.Count == 0) throw new ArchGenException($"{fileName}: \"tokens\" is empty, expected the prompt's token ids.");
        if (recipe.TryGetProperty("blind", out var blind)) BlindSpots = [.. Elements(blind, "blind").Select(BlindSpotOf)];
        if (expected is not null && (expected.Length == 0 || expected.Length % Tokens.Count > 0))
            throw new ArchGenException($"{fileName}: there are {expected.Length} expected values, which is no multiple of the {Tokens.Count} tokens. The results are of another recipe.");
    }

    /// <summary>The name: that of its file without <c>.json</c>.</summary>
    public string Name { get; }

    /// <summary>The value of <c>general.architecture</c>.</summary>
    public string Architecture { get; }

    /// <summary>The prompt.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The reference's result, row-major, [tokens, vocab] or [tokens, embd]; null if there is none.</summary>
    public float[]? Expected { get; }

    /// <summary>The mistakes that its results are stated not to show.</summary>
    public IReadOnlyList<BlindSpot> BlindSpots { get; } = [];

    /// <summary>How far the reference's own results for one batch and token by token are apart (NMSE); null where they were not compared.</summary>
    public double? TokenByTokenError =>
        _recipe.TryGetProperty("nmse_token_by_token", out var error) && error.ValueKind == JsonValueKind.Number && error.GetDouble() >= 0 ? error.GetDouble() : null;

    /// <summary>Reads <c>NAME.json</c> and, if it stands beside it, <c>NAME.logits.bin</c>.</summary>
    /// <exception cref="ArchGenException">The file is not there, or no recipe.</exception>
    public static ModelRecipe Open(string path)
    {
        var json = InputFile.ReadAllBytes(path, "a recipe, NAME.json");
        var results = Path.ChangeExtension(path, ".logits.bin");
        return Parse(Path.GetFileNameWithoutExtension(path), path, json, File.Exists(results) ? File.ReadAllBytes(results) : null);
    }

    /// <summary>Reads a recipe from memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="fileName">What messages call it.</param>
    /// <param name="json">The recipe.</param>
    /// <param name="results">The reference's result: f32, little-endian; null if there is none.</param>
    /// <exception cref="ArchGenException">It is no recipe.</exception>
    public static ModelRecipe Parse(string name, string fileName, ReadOnlyMemory<byte> json, byte[]? results)
    {
        var recipe = JsonFile.Parse(json.Span, fileName, JsonFile.CorrectIt);
        if (recipe.ValueKind != JsonValueKind.Object) throw new ArchGenException($"{fileName}: it holds {JsonFile.Kind(recipe)}, expected a recipe, an object.");
        return new ModelRecipe(name, fileName, recipe, results is null ? null : MemoryMarshal.Cast<byte, float>(results).ToArray());
    }

    /// <summary>The model, in memory.</summary>
    /// <exception cref="ArchGenException">A row of the recipe is wrong, or the model is too large.</exception>
    public GgufFile ToGguf()
    {
        using var stream = new MemoryStream();
        Writer(_fileName).WriteTo(stream);
        stream.Position = 0;
        return GgufFile.FromStream(stream, Name + ".gguf");
    }

    /// <summary>Writes the model as a file.</summary>
    /// <exception cref="ArchGenException">A row of the recipe is wrong, the model is too large, or the file cannot be written.</exception>
    public void Save(string path) => Writer(path).Save(path);

    private GgufWriter Writer(string path)
    {
        var metadata = new GgufMetadata(path);
        foreach (var row in Elements(Property("metadata"), "metadata"))
        {
            var (key, type) = (Text(Cell(row, 0, 3), "metadata"), Text(Cell(row, 1, 3), "metadata"));
            metadata[key] = ReadValue(key, type, row[2]);
        }

        var writer = new GgufWriter(metadata);
        var seed = Property("seed") is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt64(out var value) ? value : throw Wrong("seed", Property("seed"), "a whole number");
        var total = 0L;
        foreach (var row in Elements(Property("tensors"), "tensors")) AddTensor(writer, row, seed, ref total);
        return writer;
    }

    private void AddTensor(GgufWriter writer, JsonElement row, ulong seed, ref long total)
    {
        var name = Text(Cell(row, 0, 6), "tensors");
        if (!TensorTypes.TryParse(Text(row[1], "tensors"), out var type) || type is not (TensorType.F32 or TensorType.F16)) throw Wrong(name, row[1], "type f32 or f16");
        long[] dimensions = [.. Elements(row[2], name).Select(d => d.IntegerOrNull() is > 0 and <= MaximumWeights and var size ? size : throw Wrong(name, d, $"sizes from 1 to {MaximumWeights}"))];
        var count = 1L;
        foreach (var size in dimensions)
        {
            count *= size;
            if (total + count > MaximumWeights) throw new ArchGenException($"{_fileName}: the model has more than {MaximumWeights} weights at {name}. A recipe is a small model; give a model file instead.");
        }

        total += count;
        if (dimensions.Length is 0 or > 4) throw Wrong(name, row[2], "one to four sizes");
        var kind = Text(row[3], name);
        if (!RandomWeights.IsKind(kind)) throw Wrong(name, row[3], "normal, one_plus_abs, negative, bytes, range, ones, gidx or bits");
        if (row[4].ValueKind != JsonValueKind.Number || row[5].ValueKind != JsonValueKind.Number) throw Wrong(name, row, "a mean and a deviation at its end");
        var weights = new RandomWeights(name, seed, kind, row[4].GetDouble(), row[5].GetDouble());
        try
        {
            writer.Add(name, type, dimensions, stream => Write(stream, type, weights, count));
        }
        catch (ArgumentException error)
        {
            throw new ArchGenException($"{_fileName}: {error.Message}", error);
        }
    }

    private static void Write(Stream stream, TensorType type, RandomWeights weights, long count)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        for (var i = 0L; i < count; i++)
        {
            if (type == TensorType.F16) writer.Write((Half)weights[i]);
            else writer.Write(weights[i]);
        }
    }

    private GgufValue ReadValue(string key, string type, JsonElement value)
    {
        try
        {
            return type switch
            {
                "str" => GgufValue.From(Text(value, key)),
                "bool" => GgufValue.From(value.GetBoolean()),
                "u32" => GgufValue.From(value.GetUInt32()),
                "f32" => GgufValue.From(value.GetSingle()),
                "array:u32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetUInt32()).ToArray()),
                "array:i32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetInt32()).ToArray()),
                "array:f32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetSingle()).ToArray()),
                "array:bool" => GgufValue.From(value.EnumerateArray().Select(element => element.GetBoolean()).ToArray()),
                "array:str" => GgufValue.From(value.EnumerateArray().Select(element => Text(element, key)).ToArray()),
                _ => throw new ArchGenException($"{_fileName}: key {key} has type \"{type}\", expected str, bool, u32, f32, or array: and one of u32, i32, f32, bool, str."),
            };
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw Wrong(key, value, $"a value of type {type}");
        }
    }

    private BlindSpot BlindSpotOf(JsonElement row) => new(Text(Cell(row, 0, 3), "blind"), Text(row[1], "blind"), Text(row[2], "blind"));

    private JsonElement Property(string name) => _recipe.TryGetProperty(name, out var value)
        ? value
        : throw new ArchGenException($"{_fileName}: \"{name}\" is missing, expected a recipe with architecture, seed, tokens, metadata and tensors.");

    private JsonElement.ArrayEnumerator Elements(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(what, value, "an array");

    private JsonElement Cell(JsonElement row, int index, int columns) =>
        row.ValueKind == JsonValueKind.Array && row.GetArrayLength() == columns ? row[index] : throw Wrong("a row", row, $"an array of {columns}");

    private string Text(JsonElement value, string what) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(what, value, "a text");

    private ArchGenException Wrong(string what, JsonElement found, string expected)
    {
        var text = found.ToString();
        return new ArchGenException($"{_fileName}: {what} has {MessageText.Quote(text)}, expected {expected}. Correct the recipe.");
    }
}
