using System.IO.Enumeration;
using System.Text;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Tools.Recipes.Invention;

namespace ArchGen.Tools.Recipes;

/// <summary>
/// A small random model of an architecture, made from its declaration alone: hyper-parameters that the declaration requires get small values, tensors follow
/// from them, weights and prompt from a seed. It has no recorded results: what it computes is compared with the forward pass as it is written.
/// </summary>
public static class RandomRecipe
{
    /// <summary>Makes a recipe; the same one for the same architecture and options.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="options">The options; by default all defaults.</param>
    /// <exception cref="ArchGenException">
    /// A hyper-parameter cannot be invented, or the shapes that follow from the values do not fit each other. The message names the keys.
    /// </exception>
    public static ModelRecipe Of(ArchitectureInfo architecture, RandomRecipeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        options ??= new RandomRecipeOptions();
        if (options.Tokens < 1) throw new RequestException($"{nameof(options.Tokens)} is {options.Tokens}, expected the length of a prompt, at least 1.");
        var keys = Stated(architecture, options);
        InventedModel model;
        try
        {
            model = new InventedModel(architecture, keys, options.OptionalTensors, isEnriched: true);
        }
        catch (ArchGenException)
        {
            // What is worthwhile for most does not fit all: some have as many heads of keys as of queries.
            model = new InventedModel(architecture, keys, options.OptionalTensors, isEnriched: false);
        }

        CheckUse(architecture, keys, options, model);
        var weights = new InventedWeights(architecture, model.Graphs);
        var json = RecipeText.Write(
            architecture.Name, options.Seed, GeluPrecision.Exact, Prompt(model.Vocab, options), model.Metadata,
            model.Tensors.Select(tensor => Row(tensor.Name, tensor.Dims, weights[tensor.Name])));
        return ModelRecipe.Parse($"{architecture.Name}-random", model.FileName, Encoding.UTF8.GetBytes(json), results: null);
    }

    private static string Row(string name, long[] dims, WeightRule rule) => RecipeText.Row(name, "f32", [.. dims.Reverse()], rule);

    private static int[] Prompt(int vocab, RandomRecipeOptions options)
    {
        var numbers = new RandomWeights("tokens", options.Seed, "range", 0, vocab);
        return [.. Enumerable.Range(0, options.Tokens).Select(i => (int)numbers[i])];
    }

    private static Dictionary<string, GgufValue> Stated(ArchitectureInfo architecture, RandomRecipeOptions options)
    {
        var keys = new Dictionary<string, GgufValue>(StringComparer.Ordinal);
        foreach (var (key, value) in options.Keys)
        {
            var full = key.StartsWith(architecture.Name + ".", StringComparison.Ordinal) ? key : HyperParameterReader.FullKey(architecture.Name, key);
            keys[full] = InventedKeys.ValueOf(value) ?? throw new RequestException(
                $"The value of {key} is of type {value?.GetType().Name ?? "null"}, expected a number, a truth value, a text, or an array of one of these.");
        }

        return keys;
    }

    /// <summary>Refuses what is stated and has no effect: a key or a tensor of another name than is meant.</summary>
    private static void CheckUse(ArchitectureInfo architecture, Dictionary<string, GgufValue> keys, RandomRecipeOptions options, InventedModel model)
    {
        if (keys.Keys.FirstOrDefault(key => !model.Asked.Contains(key)) is { } unread)
        {
            var nearest = Spelling.Nearest(unread, model.Asked);
            throw new RequestException($"{architecture.Name} does not read the key {unread}. {(nearest is null ? "Remove it." : $"Did you mean {nearest}?")}");
        }

        var names = architecture.Tensors.Where(tensor => tensor.Optional).Select(tensor => tensor.Gguf).ToList();
        foreach (var pattern in options.OptionalTensors)
        {
            if (model.Tensors.Any(tensor => FileSystemName.MatchesSimpleExpression(pattern, tensor.Name, ignoreCase: false))) continue;
            throw new RequestException($"{architecture.Name} has no optional tensor {pattern} in this model. It has {string.Join(", ", names)}.");
        }
    }
}
