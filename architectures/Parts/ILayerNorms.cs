namespace ArchGen.Architectures;

/// <summary>A layer norm with bias before attention and one before the feed-forward network (arXiv:1607.06450).</summary>
public interface ILayerNorms
{
    [Tensor("Embd", Bias = Bias.Required)] LayerNorm AttnNorm { get; }
    [Tensor("Embd", Bias = Bias.Required)] LayerNorm FfnNorm { get; }
}
