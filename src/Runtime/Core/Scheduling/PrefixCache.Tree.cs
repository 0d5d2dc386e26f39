namespace ArchGen.Runtime.Scheduling;

/// <content>The tree.</content>
internal sealed partial class PrefixCache
{
    // The longest prefix that a sequence can go on after: the last node of its tokens, and their number.
    private (PrefixNode Node, int Length) Match(int root, ReadOnlySpan<int> tokens)
    {
        var node = RootOf(root);
        var (found, length) = (node, 0);
        while (node.End < tokens.Length && node.Child(tokens[node.End]) is { } child)
        {
            var common = child.Tokens.CommonPrefixLength(tokens[child.Start..]);
            if (!_context.HasStates) (found, length) = (child, child.Start + common);
            if (common < child.Length) break;
            if (child.Checkpoint >= 0) (found, length) = (child, child.End);
            node = child;
        }

        return (found, length);
    }

    // Returns the node that holds the last token.
    private PrefixNode Insert(int root, ReadOnlySpan<int> tokens, int sequence)
    {
        var node = RootOf(root);
        while (node.End < tokens.Length && node.Child(tokens[node.End]) is { } child)
        {
            var common = child.Tokens.CommonPrefixLength(tokens[child.Start..]);
            if (_context.HasKeys) _context.Share(sequence, child.Start, child.Cells[..common]);
            node = child;
            if (common == child.Length || (child.Start + common == tokens.Length && !_context.HasStates)) continue;
            node = child.SplitFirst(common);
            _usage.AddAfter(child, node);
            break;
        }

        if (node.End >= tokens.Length) return node;
        // A leaf grows, but for one that ends where states were saved.
        if (node.Parent is null || !node.IsLeaf || _context.HasStates)
        {
            var leaf = new PrefixNode(node.End);
            Append(leaf, tokens, sequence);
            node.SetChild(leaf);
            _usage.Add(leaf);
            return leaf;
        }

        Append(node, tokens, sequence);
        return node;
    }

    private void Append(PrefixNode node, ReadOnlySpan<int> tokens, int sequence)
    {
        for (var i = node.End; i < tokens.Length; i++) node.Append(tokens[i], _context.HasKeys ? _context.Cells.Keep(sequence, i) : -1);
    }

    private void ShareCells(int root, ReadOnlySpan<int> tokens, int sequence)
    {
        for (var node = RootOf(root); node.End < tokens.Length;)
        {
            node = node.Child(tokens[node.End])!;
            _context.Share(sequence, node.Start, node.Cells[..(Math.Min(node.End, tokens.Length) - node.Start)]);
        }
    }

    // Frees cells of a leaf that no sequence has, from its end. Saved states need all of their tokens.
    private void Trim(PrefixNode node, int cells)
    {
        var table = _context.Cells;
        if (node.Cells.Length == 0 || !table.IsOnlyKept(node.Cells[^1])) return;
        if (node.Checkpoint >= 0) Forget(node);
        while (node.Length > 0 && table.IsOnlyKept(node.Cells[^1]) && (table.Free < cells || _context.HasStates)) RemoveLast(node);
        if (node.Length == 0) _usage.Remove(node);
    }

    // Removes a leaf.
    private void Remove(PrefixNode node)
    {
        if (node.Checkpoint >= 0) Forget(node);
        while (node.Length > 0) RemoveLast(node);
        _usage.Remove(node);
    }

    private void RemoveLast(PrefixNode node)
    {
        if (node.Cells.Length > 0) _context.Cells.Drop(node.Cells[^1]);
        if (node.Length == 1) node.Parent!.RemoveChild(node.Tokens[0]);
        node.RemoveLast();
    }

    // Nodes that lead to no states are of no use.
    private void DropCheckpoint(int slot)
    {
        var node = _checkpoints[slot]!;
        Forget(node);
        while (node is { IsLeaf: true, Checkpoint: < 0, Parent: { } parent })
        {
            Remove(node);
            node = parent;
        }
    }

    private void Forget(PrefixNode node)
    {
        _checkpoints[node.Checkpoint] = null;
        node.Checkpoint = -1;
        UsedCheckpoints--;
    }

    // A parent counts as used after its children, so that the oldest node is a leaf.
    private void Touch(PrefixNode node)
    {
        for (; node.Parent is { } parent; node = parent) _usage.MoveToEnd(node);
    }

    private PrefixNode RootOf(int root)
    {
        if (!_roots.TryGetValue(root, out var node)) _roots[root] = node = new PrefixNode(0);
        return node;
    }
}
