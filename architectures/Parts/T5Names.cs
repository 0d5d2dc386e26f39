namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of T5: those of its encoder, and its decoder's.</summary>
public abstract class T5Names : T5EncoderNames
{
    public const string DecoderNorm = "decoder.final_layer_norm";
    public const string Output = "lm_head";
    public const string DecoderLayers = "decoder.block.{i}.layer";
    public const string CrossAttnNorm = "1.layer_norm";
    public const string CrossAttnQ = "1.EncDecAttention.q";
    public const string CrossAttnK = "1.EncDecAttention.k";
    public const string CrossAttnV = "1.EncDecAttention.v";
    public const string CrossAttnO = "1.EncDecAttention.o";
}
