namespace ArchGen.Architectures;

/// <summary>A layer after the model's own that predicts the token after next (multi-token prediction, arXiv:2412.19437, section 2.2).</summary>
public interface IPredictor
{
    [Tensor("Embd", Name = "nextn.enorm")] RmsNorm EmbdNorm { get; }
    [Tensor("Embd", Name = "nextn.hnorm")] RmsNorm HiddenNorm { get; }
    [Tensor("Embd, 2*Embd", Name = "nextn.eh_proj")] Linear Joined { get; }
    [Tensor("Vocab, Embd", Name = "nextn.embed_tokens")] Embedding? OwnEmbd { get; }
    [Tensor("Embd", Name = "nextn.shared_head_norm")] RmsNorm? OwnNorm { get; }
    [Tensor("Vocab, Embd", Name = "nextn.shared_head_head")] Linear? OwnOutput { get; }

    Embedding TokenEmbd { get; }
    RmsNorm OutputNorm { get; }
    Linear Output { get; }
}

/// <summary>Logits of the token after next: tokens [T], the row of the token before each [T, embd] -> [T, vocab].</summary>
public abstract class Predictor : OpVocabulary
{
    /// <summary>
    /// The layer reads each token's embedding joined with the row before the token. The embeddings, last norm and output matrix are the model's where the
    /// file has none for this layer.
    /// </summary>
    public static Tensor Of(IPredictor part, Tokens tokens, Tensor hidden, Func<Tensor, Tensor> layer)
    {
        var x = part.Joined.Of(Concat(part.EmbdNorm.Of((part.OwnEmbd ?? part.TokenEmbd).Of(tokens)), part.HiddenNorm.Of(hidden)));
        return (part.OwnOutput ?? part.Output).Of((part.OwnNorm ?? part.OutputNorm).Of(layer(x)));
    }
}
