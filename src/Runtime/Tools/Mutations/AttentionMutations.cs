using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class AttentionMutations
{
    public static IEnumerable<(string, NodeRule)> Of(Node node) => node.Op switch
    {
        Op.Rope => OfRope(node),
        Op.Temperature => [("temperature dropped", node.Dropped()), ("temperature's length wrong", node.With(Attr.Length, 2 * node.Attributes.Int32(Attr.Length)))],
        _ => OfAttention(node),
    };

    private static IEnumerable<(string, NodeRule)> OfRope(Node node)
    {
        var kind = (RopeKind)node.Attributes.Int32(Attr.Kind);
        if (kind == RopeKind.None) yield break;
        yield return ("RoPE dropped", node.Dropped());
        yield return ("RoPE kind flipped", node.With(Attr.Kind, (int)(kind == RopeKind.Neox ? RopeKind.Normal : RopeKind.Neox)));
        yield return ("RoPE base wrong", node.With(Attr.FreqBase, node.Attributes.Find(Attr.FreqBase) == 10000 ? 1000000 : 10000));
        if (node.Attributes.Int32(Attr.Dims) is var dims && dims % 4 == 0 && !node.Has(1)) yield return ("RoPE on half of its elements", node.With(Attr.Dims, dims / 2));
        if (node.Has(1)) yield return ("RoPE factors dropped", node.Without(1));
        if (node.Attributes.Find(Attr.FreqScale) is { } scale && scale != 1) yield return ("RoPE position scale dropped", node.With(Attr.FreqScale, 1));
        if (node.Attributes.Find(Attr.AttnFactor) is { } factor && factor != 1) yield return ("RoPE magnitude dropped", node.With(Attr.AttnFactor, 1));
        if (!node.Has(Attr.ExtFactor)) yield break;
        yield return ("YaRN dropped", node.With(Attr.ExtFactor, 0));
        yield return (node.Has(Attr.Truncated) ? "YaRN's ramp not truncated" : "YaRN's ramp truncated", node.With(Attr.Truncated, 1 - node.Attributes.Int32(Attr.Truncated)));
    }

    private static IEnumerable<(string, NodeRule)> OfAttention(Node node)
    {
        var width = node.Inputs[0]!.Shape[2].IsConstant(out var size) ? size : 1;
        yield return ("attention scale wrong", node.With(Attr.Factor, node.Attributes.Find(Attr.Factor) == 1 ? 1 / Math.Sqrt(width) : 1));
        if (node.Op == Op.CrossAttention) yield break;
        yield return ("mask flipped", node.With(Attr.Mask, 1 - node.Attributes.Int32(Attr.Mask)));
        if (node.Has(Attr.Window)) yield return ("window dropped", node.With(Attr.Window, 0));
        if (node.Has(Attr.Softcap)) yield return ("softcap dropped", node.With(Attr.Softcap, 0));
        if (node.Has(Attr.AlibiMaxBias)) yield return ("ALiBi dropped", node.With(Attr.AlibiMaxBias, 0));
        if (node.Has(3)) yield return ("position bias dropped", node.Without(3));
        if (node.Has(4)) yield return ("sinks dropped", node.Without(4));
    }
}
