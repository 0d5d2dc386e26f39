using ArchGen.Tools.Recipes;

namespace ArchGen.Cli;

/// <summary>The recipes of small random models that are embedded in the program.</summary>
internal static class EmbeddedRecipes
{
    private const string Prefix = "recipes/";

    /// <summary>The recipes of an architecture, by name.</summary>
    public static IReadOnlyList<ModelRecipe> Of(string architecture)
    {
        var assembly = typeof(EmbeddedRecipes).Assembly;
        var names = assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal));
        return [.. names.Order(StringComparer.Ordinal).Select(Open).Where(recipe => recipe.Architecture == architecture)];

        ModelRecipe Open(string resource)
        {
            var name = resource[Prefix.Length..^".json".Length];
            return ModelRecipe.Parse(name, name + ".json", Read(resource)!, Read($"{Prefix}{name}.logits.bin"), Read($"{Prefix}{name}.weights.bin"));
        }

        byte[]? Read(string resource)
        {
            using var stream = assembly.GetManifestResourceStream(resource);
            if (stream is null) return null;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
