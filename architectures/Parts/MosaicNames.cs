namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of MosaicML: of MPT, and of DBRX.</summary>
public static class MosaicNames
{
    public const string TokenEmbd = "transformer.wte";
    public const string PositionEmbd = "transformer.wpe";
    public const string OutputNorm = "transformer.norm_f";
    public const string Output = "lm_head";
    public const string Layers = "transformer.blocks.{i}";
    public const string AttnNorm = "norm_1|norm_attn_norm.norm_1";
    public const string AttnQkv = "attn.Wqkv|norm_attn_norm.attn.Wqkv";
    public const string AttnOutput = "attn.out_proj|norm_attn_norm.attn.out_proj";
    public const string AttnOutputNorm = "norm_attn_norm.norm_2";
    public const string FfnNorm = "norm_2";
    public const string FfnUp = "ffn.up_proj";
    public const string FfnDown = "ffn.down_proj";
    public const string FfnGateInp = "ffn.router.layer";
}
