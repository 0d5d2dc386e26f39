namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of GPT-2 and of the decoders that follow it.</summary>
public static class Gpt2Names
{
    public const string TokenEmbd = "transformer.wte";
    public const string PositionEmbd = "transformer.wpe";
    public const string OutputNorm = "transformer.ln_f";
    public const string Output = "lm_head";
    public const string Layers = "transformer.h.{i}";
    public const string AttnNorm = "ln_1";
    public const string AttnQkv = "attn.c_attn";
    public const string AttnOutput = "attn.c_proj";
    public const string FfnNorm = "ln_2";
    public const string FfnUp = "mlp.c_fc";
    public const string FfnDown = "mlp.c_proj";
}
