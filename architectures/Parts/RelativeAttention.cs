namespace ArchGen.Architectures;

/// <summary>Attention whose scores have a bias for each range of distances, a table that the first layer has for all (arXiv:1910.10683).</summary>
public interface IRelativeAttention
{
    [Tensor("Embd")] RmsNorm AttnNorm { get; }
    [Tensor("Buckets, Heads", RequiredIf = nameof(IsFirst))] Weight? AttnRelB { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear AttnQ { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear AttnK { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear AttnV { get; }
    [Tensor("Embd, Heads*HeadDim")] Linear AttnO { get; }

    int Index { get; }
    int Buckets { get; }
    int Heads { get; }
    bool IsFirst => Index == 0;
}

/// <summary>Attention of a decoder to the rows of its encoder (arXiv:1706.03762).</summary>
public interface IEncoderAttention
{
    [Tensor("Embd")] RmsNorm CrossAttnNorm { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear CrossAttnQ { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear CrossAttnK { get; }
    [Tensor("Heads*HeadDim, Embd")] Linear CrossAttnV { get; }
    [Tensor("Embd, Heads*HeadDim")] Linear CrossAttnO { get; }

    int Heads { get; }
}

/// <summary>T5's attentions, each with its norm before it: x [T, embd] -> [T, embd].</summary>
public abstract class RelativeAttention : OpVocabulary
{
    /// <summary>The distance from which on all positions share a bucket; every published T5 has 128.</summary>
    private const int MaxDistance = 128;

    /// <summary>To the tokens up to its own; the bias is the layer's, or the first layer's.</summary>
    public static Tensor Of(IRelativeAttention part, Tensor x, Weight? firstBias)
    {
        var h = part.AttnNorm.Of(x);
        Tensor q = part.AttnQ.Of(h).Heads(part.Heads), k = part.AttnK.Of(h).Heads(part.Heads), v = part.AttnV.Of(h).Heads(part.Heads);
        return part.AttnO.Of(Attention(q, k, v, 1, bias: part.AttnRelB ?? firstBias, maxDistance: MaxDistance));
    }

    /// <summary>To all tokens.</summary>
    public static Tensor BothWays(IRelativeAttention part, Tensor x, Weight? firstBias)
    {
        var h = part.AttnNorm.Of(x);
        Tensor q = part.AttnQ.Of(h).Heads(part.Heads), k = part.AttnK.Of(h).Heads(part.Heads), v = part.AttnV.Of(h).Heads(part.Heads);
        return part.AttnO.Of(Attention(q, k, v, 1, AttentionMask.Bidirectional, bias: part.AttnRelB ?? firstBias, maxDistance: MaxDistance));
    }

    /// <summary>To the encoder's rows [S, embd].</summary>
    public static Tensor Of(IEncoderAttention part, Tensor x, Tensor encoded)
    {
        var q = part.CrossAttnQ.Of(part.CrossAttnNorm.Of(x)).Heads(part.Heads);
        Tensor k = part.CrossAttnK.Of(encoded).Heads(part.Heads), v = part.CrossAttnV.Of(encoded).Heads(part.Heads);
        return part.CrossAttnO.Of(CrossAttention(q, k, v, 1));
    }
}
