using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Fixtures;

/// <summary>One node that the reference computed.</summary>
/// <param name="Name">Node name, such as "Qcur-0".</param>
/// <param name="Operation">Operation in ggml's terms, such as "MUL_MAT".</param>
/// <param name="Shape">Four sizes, fastest first.</param>
/// <param name="Sum">Sum of the elements.</param>
/// <param name="Norm">L2 norm of the elements.</param>
/// <param name="Samples">First, second and last element; fewer if the node is smaller.</param>
public sealed record ReferenceNode(string Name, string Operation, long[] Shape, double Sum, double Norm, double[] Samples);

/// <summary>A small random model with its reference results: <c>NAME.json</c>, <c>NAME.logits.bin</c> and <c>NAME.nodes.tsv</c>.</summary>
public sealed class ArchitectureFixture
{
    private readonly JsonElement _recipe;
    private readonly string _folder;

    private ArchitectureFixture(string folder, string name)
    {
        Name = name;
        _folder = folder;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf(".json")));
        _recipe = document.RootElement.Clone();
        Expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf(".logits.bin"))).ToArray();
    }

    /// <summary>The recipes that are part of the project.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [
            "llama", "llama-moe", "qwen3", "gpt2", "gemma3", "qwen3moe", "deepseek2", "mamba2", "t5", "modern-bert", "qwen2", "falcon", "gptneox", "mpt",
            "bloom", "baichuan", "refact", "internlm2", "command-r", "phi3",
        ];

    /// <summary>Name of the recipe.</summary>
    public string Name { get; }

    /// <summary>Value of "general.architecture".</summary>
    public string Architecture => _recipe.GetProperty("architecture").GetString()!;

    /// <summary>Whether <see cref="Expected"/> holds embeddings after the final norm instead of logits.</summary>
    public bool ExpectsEmbeddings => _recipe.GetProperty("output").GetString() == "embeddings";

    public bool IsCausal => _recipe.GetProperty("causal").GetBoolean();

    /// <summary>The prompt.</summary>
    public int[] Tokens => [.. _recipe.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];

    /// <summary>Columns of <see cref="Expected"/>: vocabulary or embedding size.</summary>
    public int Width => _recipe.GetProperty("n_vocab_or_embd").GetInt32();

    /// <summary>The reference output, row-major, <c>[tokens, width]</c>.</summary>
    public float[] Expected { get; }

    /// <summary>How far the reference's own results for one batch and token by token are apart (NMSE); null where they were not compared.</summary>
    public double? TokenByTokenError =>
        _recipe.TryGetProperty("nmse_token_by_token", out JsonElement error) && error.GetDouble() >= 0 ? error.GetDouble() : null;

    /// <summary>Loads a recipe that is part of the project.</summary>
    public static ArchitectureFixture Load(string name) => new(SharedFixtures.Local("architectures"), name);

    /// <summary>Loads a recipe from another folder.</summary>
    public static ArchitectureFixture Load(string name, string folder) => new(folder, name);

    /// <summary>Normalised mean squared error: the sum of squared differences over the sum of squared expected values.</summary>
    public static double NormalizedError(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new ArgumentException($"found {actual.Length} values; expected {expected.Length}", nameof(actual));
        double difference = 0, magnitude = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = (double)expected[i] - actual[i];
            difference += d * d;
            magnitude += (double)expected[i] * expected[i];
        }
        return difference / magnitude;
    }

    /// <summary>Writes the model into a folder; returns the path of the file.</summary>
    public string WriteGguf(string folder)
    {
        string path = Path.Combine(folder, Name + ".gguf");
        var metadata = new GgufMetadata(path);
        foreach (JsonElement row in _recipe.GetProperty("metadata").EnumerateArray())
            metadata[row[0].GetString()!] = ReadValue(row[1].GetString()!, row[2]);
        var writer = new GgufWriter(metadata);
        ulong seed = _recipe.GetProperty("seed").GetUInt64();
        foreach (JsonElement row in _recipe.GetProperty("tensors").EnumerateArray())
        {
            string name = row[0].GetString()!;
            if (!TensorTypes.TryParse(row[1].GetString()!, out TensorType type))
                throw new InvalidDataException($"{name}: unknown type");
            long[] dimensions = [.. row[2].EnumerateArray().Select(size => size.GetInt64())];
            var weights = new RandomWeights(name, seed, row[3].GetString()!, row[4].GetDouble(), row[5].GetDouble());
            long count = dimensions.Aggregate(1L, (product, size) => product * size);
            writer.Add(name, type, dimensions, stream => WriteWeights(stream, type, weights, count));
        }
        writer.Save(path);
        return path;
    }

    /// <summary>The nodes the reference computed, in its order.</summary>
    public IEnumerable<ReferenceNode> ReadNodes()
    {
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines(PathOf(".nodes.tsv")))
        {
            string[] fields = line.Split('\t');
            long[] shape = [.. fields[2].Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
            double[] samples = [.. fields[5].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
            yield return new ReferenceNode(fields[0], fields[1], shape, Number(fields[3]), Number(fields[4]), samples);
        }
    }

    private static void WriteWeights(Stream stream, TensorType type, RandomWeights weights, long count)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        for (long i = 0; i < count; i++)
        {
            switch (type)
            {
                case TensorType.F32: writer.Write(weights[i]); break;
                case TensorType.F16: writer.Write((Half)weights[i]); break;
                default: throw new InvalidDataException($"no rule for weights of type {type.Name}");
            }
        }
    }

    private static GgufValue ReadValue(string type, JsonElement value) => type switch
    {
        "str" => GgufValue.From(value.GetString()!),
        "bool" => GgufValue.From(value.GetBoolean()),
        "u32" => GgufValue.From(value.GetUInt32()),
        "f32" => GgufValue.From(value.GetSingle()),
        "array:u32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetUInt32()).ToArray()),
        "array:i32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetInt32()).ToArray()),
        "array:f32" => GgufValue.From(value.EnumerateArray().Select(element => element.GetSingle()).ToArray()),
        _ => throw new InvalidDataException($"unknown metadata type: {type}"),
    };

    private string PathOf(string ending) => Path.Combine(_folder, Name + ending);
}
