namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of T5, and of its encoder by itself.</summary>
public static class T5Names
{
    public const string TokenEmbd = "shared|encoder.embed_tokens|decoder.embed_tokens";
    public const string EncoderNorm = "encoder.final_layer_norm";
    public const string DecoderNorm = "decoder.final_layer_norm";
    public const string Output = "lm_head";
    public const string EncoderLayers = "encoder.block.{i}.layer";
    public const string DecoderLayers = "decoder.block.{i}.layer";
    public const string AttnNorm = "0.layer_norm";
    public const string AttnRelB = "0.SelfAttention.relative_attention_bias.weight";
    public const string AttnQ = "0.SelfAttention.q";
    public const string AttnK = "0.SelfAttention.k";
    public const string AttnV = "0.SelfAttention.v";
    public const string AttnO = "0.SelfAttention.o";
    public const string CrossAttnNorm = "1.layer_norm";
    public const string CrossAttnQ = "1.EncDecAttention.q";
    public const string CrossAttnK = "1.EncDecAttention.k";
    public const string CrossAttnV = "1.EncDecAttention.v";
    public const string CrossAttnO = "1.EncDecAttention.o";

    // The feed-forward network comes second in the encoder and third in the decoder.
    public const string FfnGate = "1.DenseReluDense.wi_0|2.DenseReluDense.wi_0";
    public const string FfnUp = "1.DenseReluDense.wi_1|1.DenseReluDense.wi|2.DenseReluDense.wi_1|2.DenseReluDense.wi";
    public const string FfnDown = "1.DenseReluDense.wo|2.DenseReluDense.wo";
}
