using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>A value whose last dimension runs backwards, made of slices and concatenations.</summary>
internal static class Reversed
{
    /// <param name="r">The graph that is written.</param>
    /// <param name="user">The node that reads it.</param>
    /// <param name="id">The value there, [.., width].</param>
    /// <param name="width">Its last dimension.</param>
    public static int LastDimension(GraphRewrite r, Node user, int id, int width)
    {
        var result = Element(width - 1);
        for (var i = width - 2; i >= 0; i--) result = r.Insert(user, $"reversed {i}", Op.Concat, [result, Element(i)], default);
        return result;

        int Element(int i) => r.Insert(user, $"element {i}", Op.Slice, [id], new Attributes((Attr.Start, i), (Attr.Length, 1)));
    }
}
