namespace ArchGen.Variants.Tests;

/// <summary>What is made of the third party's: with the name of the model that both derive from in the end, and of the third party's key.</summary>
[Architecture("qwen3")]
public partial class Ours : Theirs.ScaledQwen3;
