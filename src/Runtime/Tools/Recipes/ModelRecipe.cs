using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Recipes;

/// <summary>
/// A small random model described exactly, in JSON: GGUF metadata, tensors with the rule of their weights (<see cref="RandomWeights"/>), and a prompt;
/// with the results of a reference for that prompt if there are any. <c>docs/mutation-testing.md</c> describes the format.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class ModelRecipe
{
    // A recipe is a model of a few hundred thousand weights; this refuses one that would fill the memory.
    private const long MaxWeights = 1L << 26;

    /// <summary>The rule of weights that are stored in a file.</summary>
    internal const string Stored = "stored";

    private static readonly (GeluPrecision Precision, string Name)[] GeluNames = [(GeluPrecision.Exact, "exact"), (GeluPrecision.F16Table, "f16-table")];

    private readonly JsonElement _recipe;
    private readonly string _fileName;
    private readonly byte[] _weights;

    private ModelRecipe(string name, string fileName, JsonElement recipe, float[]? expected, byte[] weights)
    {
        (Name, _fileName, _recipe, _weights) = (name, fileName, recipe, weights);
        Architecture = Text(Property("architecture"), "architecture");
        Tokens = [.. Elements(Property("tokens"), "tokens").Select(TokenId)];
        if (Tokens.Count == 0) throw new ModelFileException($"{fileName}: \"tokens\" is empty, expected the prompt's token ids.");
        if (recipe.TryGetProperty("blind", out var blind)) BlindSpots = [.. Elements(blind, "blind").Select(BlindSpotOf)];
        if (expected is not null && (expected.Length == 0 || expected.Length % Tokens.Count > 0))
        {
            throw new ModelFileException($"{fileName}: there are {expected.Length} expected values, which is no multiple of the {Tokens.Count} tokens. "
                + "The results are of another recipe.");
        }

        if (expected is not null) Recorded = new RecordedResults(expected) { Gelu = ReadGelu(), Difference = ReadDifference() };
    }

    /// <summary>The name: that of its file without <c>.json</c>.</summary>
    public string Name { get; }

    /// <summary>The value of <c>general.architecture</c>.</summary>
    public string Architecture { get; }

    /// <summary>The prompt.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The reference's results, and what the recipe states of them; null if there are none.</summary>
    public RecordedResults? Recorded { get; }

    /// <summary>The values of <see cref="Recorded"/>.</summary>
    public float[]? Expected => Recorded?.Values;

    /// <summary>The expected survivors: mutants that the results are stated not to kill.</summary>
    public IReadOnlyList<BlindSpot> BlindSpots { get; } = [];

    /// <summary>The NMSE between the reference's own results for one batch and token by token; null if they were not compared.</summary>
    public double? TokenByTokenError =>
        _recipe.TryGetProperty("nmse_token_by_token", out var error) && error.ValueKind == JsonValueKind.Number && error.GetDouble() >= 0
            ? error.GetDouble()
            : null;

    /// <summary>Reads <c>NAME.json</c> and, if they are beside it, <c>NAME.logits.bin</c> and <c>NAME.weights.bin</c>.</summary>
    /// <exception cref="ArchGenException">The file is not there, or no recipe.</exception>
    public static ModelRecipe Open(string path)
    {
        var json = InputFile.ReadAllBytes(path, "a recipe, NAME.json");
        return Parse(Path.GetFileNameWithoutExtension(path), path, json, Beside(".logits.bin"), Beside(".weights.bin"));

        byte[]? Beside(string ending) => Path.ChangeExtension(path, ending) is var file && File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    /// <summary>Reads a recipe from memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="fileName">Its name in messages.</param>
    /// <param name="json">The recipe.</param>
    /// <param name="results">The reference's results: f32, little-endian; null if there are none.</param>
    /// <param name="weights">The weights of tensors whose rule is "stored", in the order of the rows; null if there are none.</param>
    /// <exception cref="ArchGenException">It is no recipe.</exception>
    public static ModelRecipe Parse(string name, string fileName, ReadOnlyMemory<byte> json, byte[]? results, byte[]? weights = null)
    {
        var recipe = JsonFile.Parse(json.Span, fileName, JsonFile.CorrectIt);
        if (recipe.ValueKind != JsonValueKind.Object)
            throw new ModelFileException($"{fileName}: it holds {JsonFile.Kind(recipe)}, expected a recipe, an object.");
        return new ModelRecipe(name, fileName, recipe, results is null ? null : MemoryMarshal.Cast<byte, float>(results).ToArray(), weights ?? []);
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
        var seed = Property("seed") is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt64(out var value)
            ? value
            : throw Wrong("seed", Property("seed"), "a whole number");
        var (total, read) = (0L, 0L);
        foreach (var row in Elements(Property("tensors"), "tensors")) AddTensor(writer, row, seed, ref total, ref read);
        return read == _weights.Length ? writer : throw WrongWeights(read);
    }

    private void AddTensor(GgufWriter writer, JsonElement row, ulong seed, ref long total, ref long read)
    {
        var name = Text(Cell(row, 0, 6), "tensors");
        if (!TensorTypes.TryParse(Text(row[1], "tensors"), out var type) || type is not (TensorType.F32 or TensorType.F16))
            throw Wrong(name, row[1], "type f32 or f16");
        long[] dimensions = [.. Elements(row[2], name).Select(size => Size(size, name))];
        var count = 1L;
        foreach (var size in dimensions)
        {
            count *= size;
            if (total + count <= MaxWeights) continue;
            throw new ModelFileException($"{_fileName}: the model has more than {MaxWeights} weights at {name}. A recipe is a small model; "
                + "give a model file instead.");
        }

        total += count;
        if (dimensions.Length is 0 or > 4) throw Wrong(name, row[2], "one to four sizes");
        var kind = Text(row[3], name);
        if (kind != Stored && !RandomWeights.IsKind(kind))
            throw Wrong(name, row[3], "normal, one_plus_abs, negative, bytes, range, ones, gidx, bits or stored");
        if (row[4].ValueKind != JsonValueKind.Number || row[5].ValueKind != JsonValueKind.Number)
            throw Wrong(name, row, "a mean and a deviation at its end");
        try
        {
            if (kind == Stored)
            {
                writer.Add(name, type, dimensions, NextStored(type.ByteLength(count), ref read));
                return;
            }

            var weights = new RandomWeights(name, seed, kind, row[4].GetDouble(), row[5].GetDouble());
            writer.Add(name, type, dimensions, stream => Write(stream, type, weights, count));
        }
        catch (ArgumentException error)
        {
            throw new ModelFileException($"{_fileName}: {error.Message}", error);
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
            return RecipeValue.Read(type, value) ?? throw new ModelFileException($"{_fileName}: key {key} has type \"{type}\", expected {RecipeValue.Types}.");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw Wrong(key, value, $"a value of type {type}");
        }
    }

    private ReadOnlyMemory<byte> NextStored(long length, ref long read)
    {
        var begin = read;
        read += length;
        return read <= _weights.Length ? _weights.AsMemory((int)begin, (int)length) : throw WrongWeights(read);
    }

    private ModelFileException WrongWeights(long expected) =>
        new($"{_fileName}: {Name}.weights.bin has {_weights.Length} bytes, expected {expected} for the tensors whose rule is \"stored\". "
            + "It is of another recipe.");

    /// <summary>The name of a precision of GELU in recipes.</summary>
    internal static string NameOf(GeluPrecision gelu) => Array.Find(GeluNames, g => g.Precision == gelu).Name;

    private GeluPrecision? ReadGelu()
    {
        if (!_recipe.TryGetProperty("gelu", out var stated)) return null;
        var name = Text(stated, "gelu");
        return Array.FindIndex(GeluNames, g => g.Name == name) is >= 0 and var i ? GeluNames[i].Precision : throw Wrong("gelu", stated, "exact or f16-table");
    }

    private StatedDifference? ReadDifference()
    {
        if (!_recipe.TryGetProperty("differs", out var stated)) return null;
        var error = Cell(stated, 0, 2);
        return error.ValueKind == JsonValueKind.Number && error.GetDouble() is > 0 and var distance
            ? new StatedDifference(distance, Text(stated[1], "differs"))
            : throw Wrong("differs", stated, "the NMSE of the results, above 0, and a reason");
    }

    private BlindSpot BlindSpotOf(JsonElement row) => new(Text(Cell(row, 0, 3), "blind"), Text(row[1], "blind"), Text(row[2], "blind"));

    private int TokenId(JsonElement value) =>
        value.IntegerOrNull() is >= 0 and <= int.MaxValue and var id ? (int)id : throw Wrong("tokens", value, "token ids");

    private long Size(JsonElement value, string tensor) =>
        value.IntegerOrNull() is > 0 and <= MaxWeights and var size ? size : throw Wrong(tensor, value, $"sizes from 1 to {MaxWeights}");

    private JsonElement Property(string name) => _recipe.TryGetProperty(name, out var value)
        ? value
        : throw new ModelFileException($"{_fileName}: \"{name}\" is missing, expected a recipe with architecture, seed, tokens, metadata and tensors.");

    private JsonElement.ArrayEnumerator Elements(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(what, value, "an array");

    private JsonElement Cell(JsonElement row, int index, int columns) =>
        row.ValueKind == JsonValueKind.Array && row.GetArrayLength() == columns ? row[index] : throw Wrong("a row", row, $"an array of {columns}");

    private string Text(JsonElement value, string what) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(what, value, "a text");

    private ModelFileException Wrong(string what, JsonElement found, string expected)
    {
        var text = found.ToString();
        return new ModelFileException($"{_fileName}: {what} has {MessageText.Quote(text)}, expected {expected}. Correct the recipe.");
    }
}
