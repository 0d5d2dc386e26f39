using ArchGen.Graphs;

namespace ArchGen;

internal static class AttentionMutations
{
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.Rope, Rope),
        (Op.Temperature, node =>
        [
            ("temperature dropped", node.Dropped(Slot.Query)),
            ("temperature's length wrong", node.With(Attr.Length, 2 * node.Attributes.Int32(Attr.Length))),
            ("temperature's offset wrong", node.With(Attr.Offset, 1 - node.Attributes.Int32(Attr.Offset))),
        ]),
        (Op.Attention, node => [WrongScale(node), .. Scores(node)]),
        (Op.CrossAttention, node => [WrongScale(node)]),
    ];

    private static IEnumerable<(string, NodeMutation)> Rope(Node node)
    {
        var kind = (RopeKind)node.Attributes.Int32(Attr.Kind);
        if (kind == RopeKind.None) yield break;
        yield return ("RoPE dropped", node.Dropped(Slot.X));
        yield return ("RoPE kind flipped", node.With(Attr.Kind, (int)(kind == RopeKind.HalfSplit ? RopeKind.Interleaved : RopeKind.HalfSplit)));
        yield return ("RoPE base wrong", node.With(Attr.FreqBase, node.Attributes.Find(Attr.FreqBase) == 10000 ? 1000000 : 10000));
        if (node.Attributes.Int32(Attr.Dims) is var dims && dims % 4 == 0 && !node.Has(Slot.Factors))
            yield return ("RoPE on half of its elements", node.With(Attr.Dims, dims / 2));
        if (node.Has(Slot.Factors)) yield return ("RoPE factors dropped", node.Without(Slot.Factors));
        if (node.Attributes.Find(Attr.FreqScale) is { } scale && scale != 1) yield return ("RoPE position scale dropped", node.With(Attr.FreqScale, 1));
        if (node.Attributes.Find(Attr.AttnFactor) is { } factor && factor != 1) yield return ("RoPE magnitude dropped", node.With(Attr.AttnFactor, 1));
        if (node.Has(Attr.Inverse)) yield return ("RoPE not turned back", node.With(Attr.Inverse, 0));
        if (!node.Has(Attr.ExtFactor)) yield break;
        yield return ("YaRN dropped", node.With(Attr.ExtFactor, 0));
        var truncated = node.Attributes.Int32(Attr.Truncated);
        yield return (truncated == 1 ? "YaRN's ramp not truncated" : "YaRN's ramp truncated", node.With(Attr.Truncated, 1 - truncated));
    }

    private static (string, NodeMutation) WrongScale(Node node)
    {
        var width = node.Input(Slot.Query).Shape[2].IsConstant(out var size) ? size : 1;
        return ("attention scale wrong", node.With(Attr.Factor, node.Attributes.Find(Attr.Factor) == 1 ? 1 / Math.Sqrt(width) : 1));
    }

    private static IEnumerable<(string, NodeMutation)> Scores(Node node)
    {
        yield return ("mask flipped", node.With(Attr.Mask, 1 - node.Attributes.Int32(Attr.Mask)));
        if (node.Has(Attr.Window)) yield return ("window dropped", node.With(Attr.Window, 0));
        if (node.Has(Attr.Softcap)) yield return ("softcap dropped", node.With(Attr.Softcap, 0));
        if (node.Has(Attr.AlibiMaxBias)) yield return ("ALiBi dropped", node.With(Attr.AlibiMaxBias, 0));
        if (node.Has(Slot.Bias)) yield return ("position bias dropped", node.Without(Slot.Bias));
        if (node.Has(Slot.Sinks)) yield return ("sinks dropped", node.Without(Slot.Sinks));
    }
}
