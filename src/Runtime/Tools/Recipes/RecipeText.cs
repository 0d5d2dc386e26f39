using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Recipes;

/// <summary>A model written as a recipe, which <see cref="ModelRecipe"/> reads.</summary>
/// <param name="Json">The text of <c>NAME.json</c>.</param>
/// <param name="Weights">The bytes of <c>NAME.weights.bin</c>: the weights that no rule gives; empty if there are none.</param>
public sealed record RecipeText(string Json, byte[] Weights)
{
    // A recipe with more stored weights is too large for a repository.
    private const long MaxStored = 1L << 22;

    /// <summary>Describes a model exactly. Its vocabulary is left out: a recipe's prompt is token ids.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="seed">The seed of the rules that are looked for in the weights.</param>
    /// <param name="gelu">The reference's precision of GELU, which the recipe then states; or null.</param>
    /// <exception cref="ArchGenException">The model is too large, or has a key that a recipe cannot hold.</exception>
    public static RecipeText Of(LoadedModel model, IReadOnlyList<int> tokens, ulong seed, GeluPrecision? gelu)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        if (gelu is { } precision && !Enum.IsDefined(precision)) throw new ArgumentOutOfRangeException(nameof(gelu));
        var stored = new MemoryStream();
        var json = Write(
            model.Architecture.Name, seed, gelu, tokens, Metadata(model), model.File.Tensors.Select(tensor => Row(model, tensor, seed, stored)));
        return new RecipeText(json, stored.ToArray());
    }

    /// <summary>The text of a recipe; its rows are those of <see cref="Row(string, string, IReadOnlyList{long}, WeightRule)"/>.</summary>
    internal static string Write(
        string architecture, ulong seed, GeluPrecision? gelu, IReadOnlyList<int> tokens, IEnumerable<KeyValuePair<string, GgufValue>> metadata,
        IEnumerable<string> rows)
    {
        var text = new StringBuilder("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"architecture\": {RecipeValue.Quote(architecture)},\n  \"seed\": {seed},\n");
        if (gelu is { } stated) text.Append(CultureInfo.InvariantCulture, $"  \"gelu\": {RecipeValue.Quote(ModelRecipe.NameOf(stated))},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"tokens\": [{string.Join(", ", tokens)}],\n  \"metadata\": [\n");
        text.AppendJoin(",\n", metadata.Select(key => (key.Key, Value: RecipeValue.Write(key.Key, key.Value)))
            .Select(row => $"    [{RecipeValue.Quote(row.Key)}, {RecipeValue.Quote(row.Value.Type)}, {row.Value.Json}]"));
        text.Append("\n  ],\n  \"tensors\": [\n");
        text.AppendJoin(",\n", rows);
        return text.Append("\n  ]\n}\n").ToString();
    }

    /// <summary>The row of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type: f32 or f16.</param>
    /// <param name="dims">Its dimensions, fastest first.</param>
    /// <param name="rule">The rule of its weights.</param>
    internal static string Row(string name, string type, IReadOnlyList<long> dims, WeightRule rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"    [{RecipeValue.Quote(name)}, \"{type}\", [{string.Join(", ", dims)}], \"{rule.Kind}\", {rule.Mean:R}, {rule.Deviation:R}]");

    /// <summary>The keys, except for the vocabulary and those that only describe the file.</summary>
    private static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(LoadedModel model)
    {
        var (architecture, file) = (model.Architecture.Name, model.File.Metadata);
        var vocabulary = $"{architecture}.vocab_size";
        foreach (var (key, value) in file)
        {
            if (IsOfFile(key) || IsVocabulary(key, value)) continue;
            yield return new(key, key == "tokenizer.ggml.model" ? GgufValue.From("no_vocab") : value);
        }

        if (!file.TryGet(vocabulary, out _)) yield return new(vocabulary, GgufValue.From((uint)model.Model.Vocab));
    }

    private static bool IsOfFile(string key) =>
        key is not ("general.architecture" or "general.alignment") && key.Split('.')[0] is ("general" or "split" or "quantize");

    private static bool IsVocabulary(string key, GgufValue value) =>
        key.StartsWith("tokenizer.", StringComparison.Ordinal) && (value.IsArray || !key.StartsWith("tokenizer.ggml.", StringComparison.Ordinal));

    private static string Row(LoadedModel model, GgufTensor tensor, ulong seed, MemoryStream stored)
    {
        var type = tensor.Type == TensorType.F16 ? TensorType.F16 : TensorType.F32;
        var values = model.Source.Read(tensor.Name);
        var rule = WeightRule.Find(tensor.Name, seed, type, values);
        if (rule is null) Store(model, type, values, stored);
        return Row(tensor.Name, type.Name, tensor.Dimensions, rule ?? new WeightRule(ModelRecipe.Stored, 0, 0));
    }

    private static void Store(LoadedModel model, TensorType type, float[] values, MemoryStream stored)
    {
        if (stored.Length + ((long)values.Length * sizeof(float)) > MaxStored * sizeof(float))
        {
            throw new ModelFileException(
                $"{model.File.Name}: more than {MaxStored} weights are given by no rule of seed, and a recipe is a small model. "
                + "Convert a small checkpoint of the same class, such as one with two narrow layers and random weights.");
        }

        stored.Write(type == TensorType.F16 ? MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (Half)v).AsSpan()) : MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
