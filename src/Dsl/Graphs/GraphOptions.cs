namespace ArchGen.Graphs;

/// <summary>The options of a graph: facts about the run for which it is built.</summary>
public sealed record GraphOptions
{
    /// <summary>
    /// The maximum number of positions of a sequence in the run; at least 1. Defaults to the model's trained context length.
    /// Long RoPE selects its factors by it (arXiv:2402.13753): a graph is static, so the choice is made once, for the longest sequence, as in llama.cpp.
    /// transformers selects them by the present length of the text; a graph that is built for that length computes the same.
    /// </summary>
    public int? SequenceLength { get; init; }
}
