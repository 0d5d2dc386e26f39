namespace ArchGen.Architectures;

/// <summary>The names of experts in checkpoints of Mixtral and of mixtures since, beside those of the scheme that a base has.</summary>
public static class MixtralNames
{
    public const string FfnGateInp = "block_sparse_moe.gate|mlp.gate";
    public const string FfnGateExps = "block_sparse_moe.experts.{e}.w1|mlp.experts.{e}.gate_proj";
    public const string FfnUpExps = "block_sparse_moe.experts.{e}.w3|mlp.experts.{e}.up_proj";
    public const string FfnDownExps = "block_sparse_moe.experts.{e}.w2|mlp.experts.{e}.down_proj";
}
