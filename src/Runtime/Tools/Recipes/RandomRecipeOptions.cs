namespace ArchGen.Tools.Recipes;

/// <summary>The options of a random recipe.</summary>
public sealed record RandomRecipeOptions
{
    /// <summary>The seed of weights and prompt. Defaults to 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The number of tokens of the prompt. Defaults to 20: longer than the window of 6 that is invented, so that a window has an effect, and such that
    /// neither half of it is one token.
    /// </summary>
    public int Tokens { get; init; } = 20;

    /// <summary>
    /// Values of hyper-parameters by key, without the architecture's prefix (<c>expert_count</c>) or in full (<c>tokenizer.ggml.pre</c>): a number, a truth
    /// value, a text, or an array of one of these. What is not here is invented if the architecture requires it, and has its declared default otherwise.
    /// </summary>
    public IDictionary<string, object> Keys { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>
    /// Names of optional tensors that the model has, with <c>*</c> for any part: <c>blk.*.attn_q.bias</c>. By default it has those that are required.
    /// </summary>
    public IReadOnlyList<string> OptionalTensors { get; init; } = [];
}
