namespace ArchGen.Tokenizers;

/// <summary>Tokens by their beginnings, over bytes or UTF-16 units: finds all tokens that a text begins with in one walk.</summary>
internal sealed class SymbolTrie
{
    private Edge[] _edges = new Edge[1024];
    private int[] _values = new int[512]; // per node: the token that ends there plus one, or zero
    private int _nodes = 1;

    private record struct Edge(ulong Key, int Node);

    /// <summary>The root: the node of the empty text.</summary>
    public const int Root = 0;

    /// <summary>Adds a token; a later one replaces an equal one.</summary>
    public void Add<T>(ReadOnlySpan<T> token, int value)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var node = Root;
        foreach (var symbol in token)
        {
            var next = Step(node, int.CreateTruncating(symbol));
            if (next < 0)
            {
                if (_nodes * 2 > _edges.Length) Grow();
                if (_nodes == _values.Length) Array.Resize(ref _values, _nodes * 2);
                next = _nodes++;
                var key = KeyOf(node, int.CreateTruncating(symbol));
                _edges[Locate(key)] = new(key, next);
            }

            node = next;
        }

        _values[node] = value + 1;
    }

    /// <summary>The node after a symbol, or -1.</summary>
    public int Step(int node, int symbol)
    {
        var edge = _edges[Locate(KeyOf(node, symbol))];
        return edge.Key == 0 ? -1 : edge.Node;
    }

    /// <summary>The token that ends at a node, or -1.</summary>
    public int Value(int node) => _values[node] - 1;

    /// <summary>The longest token that a text begins with, and its length; -1 if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The length of the token.</param>
    /// <param name="node">The first node: the one after the prefix that tokens have and the text has not.</param>
    public int Longest<T>(ReadOnlySpan<T> text, out int length, int node = Root)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var found = -1;
        length = 0;
        for (var i = 0; i < text.Length && node >= 0 && (node = Step(node, int.CreateTruncating(text[i]))) >= 0; i++)
        {
            if (Value(node) >= 0) (found, length) = (Value(node), i + 1);
        }

        return found;
    }

    // One is added so that no key is zero, which marks a free slot.
    private static ulong KeyOf(int node, int symbol) => (((ulong)(uint)node << 16) | (uint)symbol) + 1;

    private int Locate(ulong key)
    {
        var mask = (uint)_edges.Length - 1;
        for (var slot = (uint)SeededHash.Mix(key) & mask; ; slot = (slot + 1) & mask)
        {
            if (_edges[slot].Key == key || _edges[slot].Key == 0) return (int)slot;
        }
    }

    private void Grow()
    {
        var old = _edges;
        _edges = new Edge[old.Length * 2];
        foreach (var edge in old)
        {
            if (edge.Key != 0) _edges[Locate(edge.Key)] = edge;
        }
    }
}
