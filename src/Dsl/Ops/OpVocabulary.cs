namespace ArchGen;

/// <summary>The op vocabulary: the functions that a forward pass may call. The base class of models and blocks.</summary>
public abstract partial class OpVocabulary
{
    /// <summary>The line of the architecture's file that computes a node: <c>Llama.cs:47</c>; null if it is unknown. Generated.</summary>
    /// <param name="node">The node's name without the block's prefix.</param>
    protected internal virtual string? SourceOf(string node) => null;

    /// <summary>The model whose hyper-parameters operations read.</summary>
    private protected virtual Model Root => throw new InvalidOperationException("Only a model and its blocks have hyper-parameters.");

    /// <summary>The square root.</summary>
    protected static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>The natural logarithm.</summary>
    protected static float Log(float x) => MathF.Log(x);
}
