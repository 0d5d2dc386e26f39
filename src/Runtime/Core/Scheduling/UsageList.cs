namespace ArchGen.Runtime.Scheduling;

/// <summary>The nodes of a radix tree in the order of their last use.</summary>
internal sealed class UsageList
{
    private PrefixNode? _newest;

    /// <summary>The node that was not used for the longest time.</summary>
    public PrefixNode? Oldest { get; private set; }

    /// <summary>The number of nodes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a node as the one that was used last.</summary>
    public void Add(PrefixNode node)
    {
        Link(node, _newest);
        Count++;
    }

    /// <summary>Adds a node as used just after another.</summary>
    public void AddAfter(PrefixNode other, PrefixNode node)
    {
        Link(node, other);
        Count++;
    }

    /// <summary>Makes a node the one that was used last.</summary>
    public void MoveToEnd(PrefixNode node)
    {
        if (node == _newest) return;
        Unlink(node);
        Link(node, _newest);
    }

    public void Remove(PrefixNode node)
    {
        Unlink(node);
        Count--;
    }

    private void Link(PrefixNode node, PrefixNode? older)
    {
        node.Older = older;
        node.Newer = older is null ? Oldest : older.Newer;
        if (node.Newer is null) _newest = node;
        else node.Newer.Older = node;
        if (older is null) Oldest = node;
        else older.Newer = node;
    }

    private void Unlink(PrefixNode node)
    {
        if (node.Older is null) Oldest = node.Newer;
        else node.Older.Newer = node.Newer;
        if (node.Newer is null) _newest = node.Older;
        else node.Newer.Older = node.Older;
    }
}
