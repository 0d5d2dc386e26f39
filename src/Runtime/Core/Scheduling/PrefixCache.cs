using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// The prefixes of earlier sequences as a radix tree over tokens (RadixAttention, arXiv:2312.07104). Their cells of the KV cache are kept, and a new sequence
/// with the same beginning shares them. Cells of the prefix that was not used for the longest time are freed when others need them. The states of a recurrent
/// model cannot be cut at a token: they are saved at checkpoints, and a sequence goes on after the last one that it has in common.
/// </summary>
internal sealed partial class PrefixCache
{
    private readonly InferenceContext _context;
    private readonly Dictionary<int, PrefixNode> _roots = [];
    private readonly PrefixNode?[] _checkpoints;
    private readonly long[] _lastUse;
    private readonly UsageList _usage = new();
    private long _uses;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="context">The context, whose sequences have the positions 0, 1, 2 and so on.</param>
    /// <param name="checkpoints">The number of states that can be saved; 0 if the model has none.</param>
    public PrefixCache(InferenceContext context, int checkpoints)
    {
        _context = context;
        _checkpoints = new PrefixNode?[checkpoints];
        _lastUse = new long[checkpoints];
    }

    /// <summary>The number of nodes.</summary>
    public int Nodes => _usage.Count;

    /// <summary>The number of saved states.</summary>
    public int UsedCheckpoints { get; private set; }

    /// <summary>Whether states can be saved.</summary>
    public bool CanSaveStates => _checkpoints.Length > 0;

    /// <summary>The length of the longest prefix that a sequence can go on after.</summary>
    /// <param name="root">The tree: results depend on it, as on a set of adapters.</param>
    /// <param name="tokens">The tokens of the sequence.</param>
    public int Find(int root, ReadOnlySpan<int> tokens) => Match(root, tokens).Length;

    /// <summary>Gives a sequence the cells, or the states, of the longest cached prefix of its tokens, if it is longer than what it has.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="tokens">The tokens of the sequence but the last, whose result is needed.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="computed">The number of its computed tokens.</param>
    /// <returns>The number of computed tokens afterwards.</returns>
    public int Attach(int root, ReadOnlySpan<int> tokens, int sequence, int computed)
    {
        var (node, length) = Match(root, tokens);
        if (length <= computed) return computed;
        Touch(node);
        if (_context.HasStates && computed > 0) _context.RemoveSequence(sequence);
        if (_context.HasKeys) ShareCells(root, tokens[..length], sequence);
        if (!_context.HasStates) return length;
        _context.Resume(sequence, length, node.Checkpoint);
        _lastUse[node.Checkpoint] = ++_uses;
        return length;
    }

    /// <summary>
    /// Adds the tokens of a sequence. The sequence gets the cells of tokens that are there already, and its own are freed, so that afterwards its cells are
    /// those of the tree. For models without states.
    /// </summary>
    public void Publish(int root, ReadOnlySpan<int> tokens, int sequence)
    {
        if (tokens.Length > 0) Touch(Insert(root, tokens, sequence));
    }

    /// <summary>
    /// Adds the tokens of a sequence together with its states. If all places for states are in use, those that were not used for the longest time are dropped.
    /// </summary>
    public void AddCheckpoint(int root, ReadOnlySpan<int> tokens, int sequence)
    {
        if (_checkpoints.Length == 0 || tokens.Length == 0) return;
        var (node, length) = Match(root, tokens);
        if (length < tokens.Length)
        {
            var slot = Array.IndexOf(_checkpoints, null);
            if (slot < 0) DropCheckpoint(slot = Array.IndexOf(_lastUse, _lastUse.Min()));
            node = Insert(root, tokens, sequence);
            _context.SaveStates(sequence, slot);
            (node.Checkpoint, _checkpoints[slot]) = (slot, node);
            UsedCheckpoints++;
        }

        _lastUse[node.Checkpoint] = ++_uses;
        Touch(node);
    }

    /// <summary>The cells, and the number of the saved states, of a cached prefix.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="tokens">Tokens that begin with the prefix.</param>
    /// <param name="cells">Receives the cells of the prefix, if the model has a KV cache.</param>
    /// <param name="checkpoint">The number of the states; negative if the model has none.</param>
    /// <returns>The number of tokens of the prefix.</returns>
    public int Read(int root, ReadOnlySpan<int> tokens, Span<int> cells, out int checkpoint)
    {
        var (node, length) = Match(root, tokens);
        checkpoint = node.Checkpoint;
        if (!_context.HasKeys) return length;
        for (var at = node; at.Parent is not null; at = at.Parent) at.Cells[..(Math.Min(at.End, length) - at.Start)].CopyTo(cells[at.Start..]);
        return length;
    }

    /// <summary>Frees cells until a number of them is free: those of the prefixes that were not used for the longest time, beginning at their ends.</summary>
    /// <returns>Whether that many are free.</returns>
    public bool Evict(int cells)
    {
        var table = _context.Cells;
        for (var node = _usage.Oldest; node is not null && table.Free < cells;)
        {
            var newer = node.Newer;
            if (node.IsLeaf) Trim(node, cells);
            node = newer;
        }

        return table.Free >= cells;
    }

    /// <summary>Removes what it has of a sequence, but for beginnings that others have in common with it.</summary>
    /// <returns>The number of tokens that were removed.</returns>
    public int Forget(int root, ReadOnlySpan<int> tokens)
    {
        var node = RootOf(root);
        while (node.End < tokens.Length && node.Child(tokens[node.End]) is { } child && child.End <= tokens.Length
            && child.Tokens.SequenceEqual(tokens[child.Start..child.End]))
        {
            node = child;
        }

        var end = node.End;
        for (; node is { IsLeaf: true, Parent: { } parent }; node = parent) Remove(node);
        return end - node.End;
    }

    /// <summary>Removes all prefixes.</summary>
    public void Clear()
    {
        while (_usage.Oldest is { } node) Remove(node);
    }
}
