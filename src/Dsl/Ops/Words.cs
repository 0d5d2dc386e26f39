namespace ArchGen;

/// <summary>What a model and a block have in common: the words that a forward pass may use.</summary>
public abstract partial class Words
{
    /// <summary>The square root.</summary>
    protected static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>The natural logarithm.</summary>
    protected static float Log(float x) => MathF.Log(x);
}
