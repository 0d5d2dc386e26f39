namespace ArchGen.Comparison;

/// <summary>Which operations a dump of llama.cpp may show in the place of ours; its bias, scale and norm weight are operations of their own.</summary>
internal static class GgmlOperations
{
    private static readonly string[][] Families =
    [
        ["RMS_NORM", "NORM", "L2_NORM"],
        ["SILU", "GELU", "GELU_ERF", "GELU_QUICK", "RELU", "SQR", "SIGMOID", "TANH", "SOFTPLUS", "EXP"],
    ];

    /// <summary>The words under which the result of an operation may stand. None where it has no node of its own there: a view, or a part of a fused one.</summary>
    public static IReadOnlyList<string> Of(Op op) => op switch
    {
        Op.GetRows or Op.Gather => ["GET_ROWS"],
        Op.Linear or Op.HeadLinear => ["MUL_MAT"],
        Op.ExpertLinear => ["MUL_MAT_ID"],
        Op.RmsNorm => ["RMS_NORM"],
        Op.LayerNorm => ["NORM"],
        Op.L2Norm => ["L2_NORM"],
        // gpt-oss adds the gate to the product last, which is fused.
        Op.Add => ["ADD", "ADD1", "ADD_ID", "SWIGLU_OAI"],
        Op.Subtract => ["SUB"],
        Op.Multiply => ["MUL", "SWIGLU", "GEGLU", "REGLU", "GEGLU_ERF", "GEGLU_QUICK"],
        Op.Divide => ["DIV"],
        Op.Scale or Op.Affine => ["SCALE"],
        Op.Clamp => ["CLAMP"],
        Op.Silu => ["SILU"],
        Op.Gelu or Op.GeluTanh => ["GELU", "GELU_ERF"],
        Op.GeluQuick => ["GELU_QUICK"],
        Op.Relu => ["RELU"],
        Op.ReluSquared => ["SQR"],
        Op.Sigmoid => ["SIGMOID"],
        Op.Tanh => ["TANH"],
        Op.Softplus => ["SOFTPLUS"],
        Op.Exp => ["EXP"],
        Op.Softmax => ["SOFT_MAX"],
        Op.Sum => ["SUM_ROWS"],
        Op.WeightedSum => ["ADD"],
        Op.Rope => ["ROPE"],
        Op.Temperature => ["MUL"],
        Op.Attention or Op.CrossAttention => ["MUL_MAT", "FLASH_ATTN_EXT"],
        Op.Concat => ["CONCAT"],
        Op.CausalConv => ["SSM_CONV"],
        // Its result holds the new state too, so that the rows are a view of it.
        Op.SelectiveScan or Op.GatedDeltaRule => ["VIEW"],
        _ => [],
    };

    /// <summary>The words under which the dump may show what an operation should have been: another norm, another activation.</summary>
    public static IReadOnlyList<string> LikeOf(Op op)
    {
        var words = Of(op);
        return Families.FirstOrDefault(family => words.Any(family.Contains)) ?? words;
    }

    /// <summary>Whether an operation adds a bias to, or multiplies a scale or weight with, what the one before it computed.</summary>
    public static bool IsPart(string operation) => operation is "ADD" or "ADD_ID" or "MUL";

    /// <summary>Whether an operation may carry on what the one before it computed: a bias, a scale, a weight, another order of elements.</summary>
    public static bool Continues(string operation) => IsPart(operation) || operation is "SCALE" or "RESHAPE" or "VIEW" or "PERMUTE" or "CONT" or "CLAMP";
}
