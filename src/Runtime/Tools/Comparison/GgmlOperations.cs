namespace ArchGen.Tools.Comparison;

/// <summary>Relates the operations of a dump of llama.cpp to ours, besides their counterparts (<see cref="OpSpec.Ggml"/>).</summary>
internal static class GgmlOperations
{
    // Operations that a mistake may exchange: norms, functions of each element.
    private static readonly string[][] Families =
    [
        NamesOf(spec => spec.Family == OpFamily.Norm),
        NamesOf(spec => spec.Nonlinearity != Nonlinearity.None),
    ];

    /// <summary>The names in the dump of the operations for which one may have been mistaken: all norms, or all activations.</summary>
    public static IReadOnlyList<string> LikeOf(OpSpec spec)
    {
        var words = spec.Ggml.Names;
        return Families.FirstOrDefault(family => words.Any(family.Contains)) ?? words;
    }

    /// <summary>Whether an operation adds a bias to, or multiplies a scale or weight with, what the one before it computed.</summary>
    public static bool IsPart(string operation) => operation is "ADD" or "ADD_ID" or "MUL";

    /// <summary>Whether an operation may continue the result of the one before it: a bias, a scale, a weight, another order of elements.</summary>
    public static bool Continues(string operation) => IsPart(operation) || operation is "SCALE" or "RESHAPE" or "VIEW" or "PERMUTE" or "CONT" or "CLAMP";

    private static string[] NamesOf(Func<OpSpec, bool> kind) => [.. OpTable.All.Where(kind).SelectMany(spec => spec.Ggml.Names).Distinct()];
}
