using System.Collections.Concurrent;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>How far results may be from the reference (NMSE), which reads GELU from a table in half precision.</summary>
internal static class Tolerance
{
    private static readonly ConcurrentDictionary<string, double> Known = new(StringComparer.Ordinal)
    {
        // Its unscaled attention magnifies the table's error; see docs/differences.md and the test that rounds as the table does.
        ["t5"] = 5e-5,
    };

    public static double Of(string recipe) => Known.GetOrAdd(recipe, name =>
    {
        using var model = new RecipeModel(name);
        return model.Graphs.SelectMany(g => g.Nodes).Any(n => n.Op is Op.Gelu or Op.GeluTanh) ? 1e-6 : 1e-8;
    });
}
