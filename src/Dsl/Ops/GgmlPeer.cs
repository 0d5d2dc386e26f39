using System.Collections.Generic;

namespace ArchGen;

/// <summary>How ggml computes an operation, as a dump of llama.cpp's nodes shows it.</summary>
/// <param name="names">See <see cref="Names"/>.</param>
public sealed class GgmlPeer(params string[] names)
{
    /// <summary>It has no node of its own there: it is a view, or a part of a fused node.</summary>
    public static GgmlPeer None { get; } = new();

    /// <summary>The names under which the result may stand: <c>MUL_MAT</c>.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether each optional operand that is there has a node of its own after it: a bias, a scale, the weight of a norm.</summary>
    public bool HasNodesOfOptionalOperands { get; init; }

    /// <summary>Whether ggml reads its values from a table in half precision.</summary>
    public bool IsTabulated { get; init; }

    /// <summary>How many copies may follow, in another order of elements.</summary>
    public int Copies { get; init; }
}
