namespace ArchGen.Variants.Tests;

/// <summary>What is made of the third party's: with the name of the model that both derive from in the end, and of the third party's key.</summary>
[Architecture("qwen3")]
public partial class Ours : Theirs.ScaledQwen3;

/// <summary>A prediction head that trusts itself less, beside the other graphs of its base.</summary>
[Architecture("qwen3next")]
public partial class OurNext : Architectures.Qwen3Next
{
    /// <inheritdoc/>
    public override Tensor Draft(Tokens tokens, Tensor hidden) => base.Draft(tokens, hidden) * 0.5f;
}
