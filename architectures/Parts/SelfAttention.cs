namespace ArchGen.Architectures;

/// <summary>Separate matrices for queries, keys and values, and one for what attention returns (arXiv:1706.03762, grouped: arXiv:2305.13245).</summary>
public interface IAttention
{
    [Tensor("Heads*HeadDim, Embd", Bias = Bias.Optional)] Linear AttnQ { get; }
    [Tensor("KvHeads*HeadDim, Embd", Bias = Bias.Optional)] Linear AttnK { get; }
    [Tensor("KvHeads*HeadDim, Embd", Bias = Bias.Optional)] Linear AttnV { get; }
    [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] Linear AttnOutput { get; }

    int Heads { get; }
    int KvHeads { get; }
    int HeadDim { get; }
}

/// <summary>Attention with a norm on each head's queries and keys (arXiv:2010.04245).</summary>
public interface IQkNorm : IAttention
{
    [Tensor("HeadDim")] RmsNorm AttnQNorm { get; }
    [Tensor("HeadDim")] RmsNorm AttnKNorm { get; }
}

/// <summary>The same with a gate for each head: what it returns is multiplied by the gate's sigmoid (arXiv:2505.06708).</summary>
public interface IGatedAttention : IQkNorm
{
    // For each head its query, then its gate.
    [Tensor("Heads*2*HeadDim, Embd")] new Linear AttnQ { get; }
}

/// <summary>Attention with a norm on the whole of a token's queries and on the whole of its keys (arXiv:2501.00656).</summary>
public interface IWholeQkNorm : IAttention
{
    [Tensor("Heads*HeadDim")] RmsNorm AttnQNorm { get; }
    [Tensor("KvHeads*HeadDim")] RmsNorm AttnKNorm { get; }
}

/// <summary>Attention with a layer norm on queries and keys that has weights for each head, in files that have it (Cohere 2024).</summary>
public interface IHeadNorms : IAttention
{
    [Tensor("Heads, HeadDim")] LayerNorm? AttnQNorm { get; }
    [Tensor("KvHeads, HeadDim")] LayerNorm? AttnKNorm { get; }
}

/// <summary>Attention in which each head has a score for nothing, its sink (arXiv:2309.17453, arXiv:2508.10925).</summary>
public interface ISinkAttention : IAttention
{
    [Tensor("Heads", Hf = "self_attn.sinks")] Weight AttnSinks { get; }
}

/// <summary>Queries, keys and values from one matrix.</summary>
public interface IPackedAttention
{
    [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attn.qkv_proj", Bias = Bias.Optional)] Linear AttnQkv { get; }
    [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] Linear AttnOutput { get; }

    int Heads { get; }
    int KvHeads { get; }
    int HeadDim { get; }
}

/// <summary>The same with biases (Radford et al. 2019).</summary>
public interface IBiasedPackedAttention : IPackedAttention
{
    [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attn.qkv_proj", Bias = Bias.Required)] new Linear AttnQkv { get; }
    [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] new Linear AttnOutput { get; }
}

/// <summary>The same with a norm on each head's queries and keys (arXiv:2010.04245).</summary>
public interface IPackedQkNorm : IPackedAttention
{
    [Tensor("HeadDim")] RmsNorm AttnQNorm { get; }
    [Tensor("HeadDim")] RmsNorm AttnKNorm { get; }
}

/// <summary>The same without biases or norms, whose rows attention reads where they stand.</summary>
public interface ISlicedAttention
{
    [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd")] Linear AttnQkv { get; }
    [Tensor("Embd, Heads*HeadDim")] Linear AttnOutput { get; }

    int Heads { get; }
    int KvHeads { get; }
    int HeadDim { get; }
}

/// <summary>The same, clipped to a limit; 0 is none (MosaicML 2023).</summary>
public interface IClippedAttention : IPackedAttention
{
    [HyperParameter("attention.clamp_kqv", Hf = "attn_config.clip_qkv", Default = "0")] float ClampQkv { get; }
}

/// <summary>Queries, keys and values from one matrix or from three, as in the file.</summary>
public interface IAnyAttention
{
    [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attn.qkv_proj", Bias = Bias.Optional)] Linear? AttnQkv { get; }
    [Tensor("Heads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] Linear AttnQ { get; }
    [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] Linear AttnK { get; }
    [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] Linear AttnV { get; }
    [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] Linear AttnOutput { get; }

    int Heads { get; }
    int KvHeads { get; }
    int HeadDim { get; }
}

/// <summary>
/// Self-attention, h [T, embd] -> [T, embd]. Position is what a block does to heads [T, heads, size] of queries and keys: its <c>Rotary</c>.
/// Window 0 is none, and softcap 0.
/// </summary>
public abstract class SelfAttention : OpVocabulary
{
    /// <summary>From separate matrices, with one function for the heads of queries and keys.</summary>
    public static Tensor Of(IAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0, float softcap = 0) =>
        Of(part, h, position, position, scale, window, softcap);

    /// <summary>With a norm on each head, before its position.</summary>
    public static Tensor Of(IQkNorm part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0) =>
        Of(part, h, q => position(part.AttnQNorm.Of(q)), k => position(part.AttnKNorm.Of(k)), scale, window);

    /// <summary>With a norm on each head, after its position.</summary>
    public static Tensor NormedLast(IQkNorm part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0) =>
        Of(part, h, q => part.AttnQNorm.Of(position(q)), k => part.AttnKNorm.Of(position(k)), scale, window);

    /// <summary>With a norm on each head, before its position, and a gate for what it returns.</summary>
    public static Tensor Of(IGatedAttention part, Tensor h, Func<Tensor, Tensor> position, float scale)
    {
        var (q, gate) = part.AttnQ.Of(h).Heads(part.Heads).Split(part.HeadDim, part.HeadDim);
        var k = position(part.AttnKNorm.Of(part.AttnK.Of(h).Heads(part.KvHeads)));
        var y = Attention(position(part.AttnQNorm.Of(q)), k, part.AttnV.Of(h).Heads(part.KvHeads), scale);
        return part.AttnOutput.Of(y * Sigmoid(gate.Flatten()));
    }

    /// <summary>With a layer norm on all heads, if the file has one, before their positions.</summary>
    public static Tensor Of(IHeadNorms part, Tensor h, Func<Tensor, Tensor> position, float scale)
    {
        Tensor q = part.AttnQ.Of(h).Heads(part.Heads), k = part.AttnK.Of(h).Heads(part.KvHeads), v = part.AttnV.Of(h).Heads(part.KvHeads);
        return part.AttnOutput.Of(Attention(position(part.AttnQNorm?.Of(q) ?? q), position(part.AttnKNorm?.Of(k) ?? k), v, scale));
    }

    /// <summary>With a norm on the whole of the queries and of the keys, before their positions.</summary>
    public static Tensor Of(IWholeQkNorm part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0)
    {
        var q = position(part.AttnQNorm.Of(part.AttnQ.Of(h)).Heads(part.Heads));
        var k = position(part.AttnKNorm.Of(part.AttnK.Of(h)).Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, part.AttnV.Of(h).Heads(part.KvHeads), scale, window: window));
    }

    /// <summary>With sinks.</summary>
    public static Tensor Of(ISinkAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, int window)
    {
        var q = position(part.AttnQ.Of(h).Heads(part.Heads));
        var k = position(part.AttnK.Of(h).Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, part.AttnV.Of(h).Heads(part.KvHeads), scale, window: window, sinks: part.AttnSinks));
    }

    /// <summary>From one matrix.</summary>
    public static Tensor Of(IPackedAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0)
    {
        var (q, k, v) = part.AttnQkv.Of(h).Split(part.Heads * part.HeadDim, part.KvHeads * part.HeadDim, part.KvHeads * part.HeadDim);
        q = position(q.Heads(part.Heads));
        k = position(k.Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, v.Heads(part.KvHeads), scale, window: window));
    }

    /// <summary>From one matrix, with a norm on each head, before its position.</summary>
    public static Tensor Of(IPackedQkNorm part, Tensor h, Func<Tensor, Tensor> position, float scale)
    {
        var (q, k, v) = part.AttnQkv.Of(h).Split(part.Heads * part.HeadDim, part.KvHeads * part.HeadDim, part.KvHeads * part.HeadDim);
        q = position(part.AttnQNorm.Of(q.Heads(part.Heads)));
        k = position(part.AttnKNorm.Of(k.Heads(part.KvHeads)));
        return part.AttnOutput.Of(Attention(q, k, v.Heads(part.KvHeads), scale));
    }

    /// <summary>From slices of what one matrix gives.</summary>
    public static Tensor Of(ISlicedAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0)
    {
        var qkv = part.AttnQkv.Of(h);
        var q = position(qkv.Slice(0, part.Heads * part.HeadDim).Heads(part.Heads));
        var k = position(qkv.Slice(part.Heads * part.HeadDim, part.KvHeads * part.HeadDim).Heads(part.KvHeads));
        var v = qkv.Slice((part.Heads + part.KvHeads) * part.HeadDim, part.KvHeads * part.HeadDim).Heads(part.KvHeads);
        return part.AttnOutput.Of(Attention(q, k, v, scale, window: window));
    }

    /// <summary>From one matrix, clipped; a largest bias of 0 is no ALiBi.</summary>
    public static Tensor Of(IClippedAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, float largestBias = 0)
    {
        var (q, k, v) = Qkv.Clipped(part.AttnQkv.Of(h), part.ClampQkv, part.Heads * part.HeadDim, part.KvHeads * part.HeadDim);
        q = position(q.Heads(part.Heads));
        k = position(k.Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, v.Heads(part.KvHeads), scale, alibi: largestBias));
    }

    /// <summary>From one matrix or three.</summary>
    public static Tensor Of(IAnyAttention part, Tensor h, Func<Tensor, Tensor> position, float scale, int window = 0)
    {
        var (q, k, v) = Qkv.Of(h, part.AttnQkv, part.AttnQ, part.AttnK, part.AttnV, part.Heads * part.HeadDim, part.KvHeads * part.HeadDim);
        q = position(q.Heads(part.Heads));
        k = position(k.Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, v.Heads(part.KvHeads), scale, window: window));
    }

    /// <summary>With a function for the heads of queries and one for those of keys.</summary>
    public static Tensor Of(IAttention part, Tensor h, Func<Tensor, Tensor> query, Func<Tensor, Tensor> key, float scale, int window, float softcap = 0)
    {
        var q = query(part.AttnQ.Of(h).Heads(part.Heads));
        var k = key(part.AttnK.Of(h).Heads(part.KvHeads));
        return part.AttnOutput.Of(Attention(q, k, part.AttnV.Of(h).Heads(part.KvHeads), scale, window: window, softcap: softcap));
    }

    /// <summary>With a bias by distance in place of positions (ALiBi, arXiv:2108.12409); a largest bias of 0 is none.</summary>
    public static Tensor Alibi(IAttention part, Tensor h, float scale, float largestBias)
    {
        Tensor q = part.AttnQ.Of(h).Heads(part.Heads), k = part.AttnK.Of(h).Heads(part.KvHeads), v = part.AttnV.Of(h).Heads(part.KvHeads);
        return part.AttnOutput.Of(Attention(q, k, v, scale, alibi: largestBias));
    }

    /// <summary>The same from one matrix.</summary>
    public static Tensor Alibi(IPackedAttention part, Tensor h, float scale, float largestBias)
    {
        var (q, k, v) = part.AttnQkv.Of(h).Split(part.Heads * part.HeadDim, part.KvHeads * part.HeadDim, part.KvHeads * part.HeadDim);
        return part.AttnOutput.Of(Attention(q.Heads(part.Heads), k.Heads(part.KvHeads), v.Heads(part.KvHeads), scale, alibi: largestBias));
    }
}
