namespace ArchGen;

/// <summary>What a model and a block have in common: the words that a forward pass may use.</summary>
public abstract partial class Words
{
    /// <summary>Where the architecture's file says what this node computes: <c>Llama.cs:47</c>; null where nobody knows. Generated.</summary>
    /// <param name="node">The node's name without the block's prefix.</param>
    protected internal virtual string? SourceOf(string node) => null;

    /// <summary>The square root.</summary>
    protected static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>The natural logarithm.</summary>
    protected static float Log(float x) => MathF.Log(x);
}
