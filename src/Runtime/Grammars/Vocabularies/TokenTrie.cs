namespace ArchGen.Grammars.Vocabularies;

/// <summary>
/// A trie of tokens by their bytes, laid flat in the order of a walk: a node is followed by its descendants, and says how many they are. Immutable.
/// </summary>
internal sealed class TokenTrie
{
    /// <summary>The longest token that has a place, in bytes.</summary>
    public const int MaxBytes = 4000;

    private const int SkipBits = 22;
    private const int DepthBits = 12;

    private TokenTrie(ulong[] nodes) => Nodes = nodes;

    /// <summary>The nodes, of which <see cref="Byte"/>, <see cref="Depth"/>, <see cref="Token"/> and <see cref="Length"/> read the parts.</summary>
    public ulong[] Nodes { get; }

    /// <summary>The byte that leads to the node.</summary>
    public static int Byte(ulong node) => (int)(node & 0xFF);

    /// <summary>The number of bytes before the node's own.</summary>
    public static int Depth(ulong node) => (int)(node >> 8) & ((1 << DepthBits) - 1);

    /// <summary>The number of nodes of the subtree, the node included.</summary>
    public static int Length(ulong node) => (int)(node >> (8 + DepthBits)) & ((1 << SkipBits) - 1);

    /// <summary>The token that ends at the node, or -1.</summary>
    public static int Token(ulong node) => (int)(node >> (8 + DepthBits + SkipBits)) - 1;

    /// <summary>The trie of tokens that differ in their bytes.</summary>
    /// <param name="tokens">Ascending by bytes; none is empty or longer than <see cref="MaxBytes"/>.</param>
    public static TokenTrie Of(IReadOnlyList<(byte[] Bytes, int Token)> tokens)
    {
        List<ulong> nodes = [];
        Stack<int> open = [];
        var present = Array.Empty<byte>();
        foreach (var (bytes, token) in tokens)
        {
            var shared = present.AsSpan().CommonPrefixLength(bytes);
            Close(shared);
            for (var depth = shared; depth < bytes.Length; depth++)
            {
                open.Push(nodes.Count);
                nodes.Add(Node(bytes[depth], depth, 0, depth == bytes.Length - 1 ? token : -1));
            }

            present = bytes;
        }

        Close(0);
        if (nodes.Count >= 1 << SkipBits)
        {
            throw new RequestException($"The vocabulary's tokens have {nodes.Count} different beginnings; fewer than {1 << SkipBits} were expected.");
        }

        return new([.. nodes]);

        void Close(int depth)
        {
            while (open.Count > depth)
            {
                var at = open.Pop();
                nodes[at] = Node(Byte(nodes[at]), Depth(nodes[at]), nodes.Count - at, Token(nodes[at]));
            }
        }
    }

    private static ulong Node(int value, int depth, int length, int token) =>
        (uint)value | ((ulong)depth << 8) | ((ulong)length << (8 + DepthBits)) | ((ulong)(token + 1) << (8 + DepthBits + SkipBits));
}
