using System.Collections.Concurrent;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>How far results may be from a recipe's recorded ones (NMSE).</summary>
internal static class Tolerance
{
    private static readonly ConcurrentDictionary<string, double> Known = new(StringComparer.Ordinal);

    public static double Of(string recipe) => Known.GetOrAdd(recipe, name =>
    {
        using var model = new RecipeModel(name);
        return model.Fixture.Recipe.Recorded!.Tolerance(model.Graphs);
    });
}
