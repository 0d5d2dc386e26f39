namespace ArchGen.Architectures;

/// <summary>What decoders share whose further blocks are read: those of <see cref="IPredictor"/> draft the token after next.</summary>
[Architecture("drafting-decoder")]
public abstract partial class DraftingDecoder : PredictingDecoder
{
    /// <summary>What the model makes of each token, before the output matrix: what <see cref="Draft"/> reads.</summary>
    [Graph("hidden")] public virtual Tensor Hidden(Tokens tokens) => LastNorm(Layers.Of(Embed(tokens)));

    /// <summary>Logits of the token after next: of each token after the first, and the row of <see cref="Hidden"/> of the token before it.</summary>
    [Graph("draft")] public abstract Tensor Draft(Tokens tokens, Tensor hidden);
}
