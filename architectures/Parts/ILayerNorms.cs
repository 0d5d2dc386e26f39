namespace ArchGen.Architectures;

/// <summary>A layer norm with bias before attention and one before the feed-forward network (arXiv:1607.06450).</summary>
public interface ILayerNorms
{
    [Tensor("Embd", Hf = "input_layernorm", Bias = Bias.Required)] LayerNorm AttnNorm { get; }
    [Tensor("Embd", Hf = "post_attention_layernorm", Bias = Bias.Required)] LayerNorm FfnNorm { get; }
}
