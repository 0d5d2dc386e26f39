namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// A node of the radix tree of cached prefixes: the tokens between its parent's and its own end, and the cells of their keys and values.
/// </summary>
internal sealed class PrefixNode
{
    private int[] _tokens = [];
    private int[] _cells = [];

    /// <summary>Creates a node without tokens.</summary>
    /// <param name="start">The position of its first token.</param>
    public PrefixNode(int start) => Start = start;

    /// <summary>The node before it; null of a root.</summary>
    public PrefixNode? Parent { get; private set; }

    /// <summary>The nodes after it, by their first token; null if there are none.</summary>
    public Dictionary<int, PrefixNode>? Children { get; private set; }

    /// <summary>The position of its first token.</summary>
    public int Start { get; private set; }

    /// <summary>The number of its tokens.</summary>
    public int Length { get; private set; }

    /// <summary>The position after its last token.</summary>
    public int End => Start + Length;

    /// <summary>The number of the saved states after its last token; -1 if none are saved.</summary>
    public int Checkpoint { get; set; } = -1;

    /// <summary>The neighbour that was used before it.</summary>
    public PrefixNode? Older { get; set; }

    /// <summary>The neighbour that was used after it.</summary>
    public PrefixNode? Newer { get; set; }

    public bool IsLeaf => Children is null;

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>The cells of its tokens; empty if the model has no KV cache.</summary>
    public ReadOnlySpan<int> Cells => _cells.AsSpan(0, Math.Min(Length, _cells.Length));

    /// <summary>Appends a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cell">Its cell; negative if the model has no KV cache.</param>
    public void Append(int token, int cell)
    {
        if (Length == _tokens.Length) Array.Resize(ref _tokens, Math.Max(16, 2 * Length));
        _tokens[Length] = token;
        if (cell >= 0)
        {
            if (Length >= _cells.Length) Array.Resize(ref _cells, _tokens.Length);
            _cells[Length] = cell;
        }

        Length++;
    }

    /// <summary>Removes the last token.</summary>
    public void RemoveLast() => Length--;

    /// <summary>The child whose tokens begin with one, or null.</summary>
    public PrefixNode? Child(int token) => Children?.GetValueOrDefault(token);

    /// <summary>Adds a child, or replaces the one with the same first token.</summary>
    public void SetChild(PrefixNode child)
    {
        (Children ??= [])[child.Tokens[0]] = child;
        child.Parent = this;
    }

    /// <summary>Removes a child by its first token.</summary>
    public void RemoveChild(int token)
    {
        Children!.Remove(token);
        if (Children.Count == 0) Children = null;
    }

    /// <summary>Divides it: a new node gets its first tokens and becomes its parent.</summary>
    /// <param name="length">The number of tokens of the new node.</param>
    /// <returns>The new node.</returns>
    public PrefixNode SplitFirst(int length)
    {
        var first = new PrefixNode(Start);
        for (var i = 0; i < length; i++) first.Append(_tokens[i], _cells.Length == 0 ? -1 : _cells[i]);
        if (_cells.Length > 0) _cells = _cells[length..Length];
        _tokens = _tokens[length..Length];
        Start += length;
        Length -= length;
        Parent!.SetChild(first);
        first.SetChild(this);
        return first;
    }
}
