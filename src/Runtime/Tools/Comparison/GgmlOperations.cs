namespace ArchGen.Tools.Comparison;

/// <summary>What the operations of a dump of llama.cpp may be to ours, besides their peers (<see cref="OpSpec.Ggml"/>).</summary>
internal static class GgmlOperations
{
    private static readonly string[][] Families =
    [
        ["RMS_NORM", "NORM", "L2_NORM"],
        ["SILU", "GELU", "GELU_ERF", "GELU_QUICK", "RELU", "SQR", "SIGMOID", "TANH", "SOFTPLUS", "EXP"],
    ];

    /// <summary>The words under which the dump may show what an operation should have been: another norm, another activation.</summary>
    public static IReadOnlyList<string> LikeOf(OpSpec spec)
    {
        var words = spec.Ggml.Names;
        return Families.FirstOrDefault(family => words.Any(family.Contains)) ?? words;
    }

    /// <summary>Whether an operation adds a bias to, or multiplies a scale or weight with, what the one before it computed.</summary>
    public static bool IsPart(string operation) => operation is "ADD" or "ADD_ID" or "MUL";

    /// <summary>Whether an operation may carry on what the one before it computed: a bias, a scale, a weight, another order of elements.</summary>
    public static bool Continues(string operation) => IsPart(operation) || operation is "SCALE" or "RESHAPE" or "VIEW" or "PERMUTE" or "CONT" or "CLAMP";
}
