namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of T5's encoder.</summary>
public abstract class T5EncoderNames
{
    public const string TokenEmbd = "shared|encoder.embed_tokens|decoder.embed_tokens";
    public const string EncoderNorm = "encoder.final_layer_norm";
    public const string EncoderLayers = "encoder.block.{i}.layer";
    public const string AttnNorm = "0.layer_norm";
    public const string AttnRelB = "0.SelfAttention.relative_attention_bias.weight";
    public const string AttnQ = "0.SelfAttention.q";
    public const string AttnK = "0.SelfAttention.k";
    public const string AttnV = "0.SelfAttention.v";
    public const string AttnO = "0.SelfAttention.o";

    // The feed-forward network comes second in the encoder and third in the decoder.
    public const string FfnGate = "1.DenseReluDense.wi_0|2.DenseReluDense.wi_0";
    public const string FfnUp = "1.DenseReluDense.wi_1|1.DenseReluDense.wi|2.DenseReluDense.wi_1|2.DenseReluDense.wi";
    public const string FfnDown = "1.DenseReluDense.wo|2.DenseReluDense.wo";
}
