using System.Collections.Generic;

namespace ArchGen;

/// <summary>The nodes of an operation in a dump of llama.cpp's graph.</summary>
/// <param name="names">See <see cref="Names"/>.</param>
public sealed class GgmlPeer(params string[] names)
{
    /// <summary>No separate node: a view, or a part of a fused node.</summary>
    public static GgmlPeer None { get; } = new();

    /// <summary>The possible operation names of its node: <c>MUL_MAT</c>.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether each optional operand is applied by a separate node after it: a bias, a scale, the weight of a norm.</summary>
    public bool HasNodesOfOptionalOperands { get; init; }

    /// <summary>Whether ggml reads its values from a table in half precision.</summary>
    public bool IsTabulated { get; init; }

    /// <summary>The maximum number of copies after it, with another order of elements.</summary>
    public int Copies { get; init; }
}
