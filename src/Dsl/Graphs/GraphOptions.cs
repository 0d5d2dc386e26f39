namespace ArchGen.Graphs;

/// <summary>What a graph depends on beside its model: facts about the run that it is built for.</summary>
public sealed record GraphOptions
{
    /// <summary>
    /// The number of positions that one sequence of the run may reach; at least 1. Defaults to the model's trained context length.
    /// Long RoPE chooses its factors by it (arXiv:2402.13753): a graph is static, so the choice is made once, for the longest sequence, as llama.cpp makes it.
    /// transformers chooses by the length that a text has reached; a graph that is built for the text's own length computes the same.
    /// </summary>
    public int? SequenceLength { get; init; }
}
