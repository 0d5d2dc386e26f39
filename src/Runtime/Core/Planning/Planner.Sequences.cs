using System.Globalization;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Planning;

/// <content>Operations on positions and sequences.</content>
internal sealed partial class Planner
{
    private void Rope(Node node)
    {
        var x = node.Input(Slot.X);
        if ((RopeKind)node.Attributes.Int32(Attr.Kind) == RopeKind.None)
        {
            Finish(node, ValueOf(x));
            return;
        }

        var factors = OptionalValue(node, Slot.Factors);
        var numbers = new Attributes([.. node.Attributes.Values.ToArray().Where(v => v.Key != Attr.Kind)]);
        var table = Here.RotaryTables.Find(known => known.Numbers.Equals(numbers) && ReferenceEquals(known.Factors, factors));
        if (table is null) Here.RotaryTables.Add(table = Emit(new RotaryTable(node, numbers, factors)));

        var value = ValueOf(x);
        var after = ChainAfter(node, node.Op, out var last);
        var result = after is null ? InPlace(node, value) ?? NewValue(node) : NewValue(last);
        Emit(new Rotation(node, table, value, result) { After = after });
        FinishChain(node, after, last, result);
    }

    private void Attention(Node node)
    {
        PlanValue q = ValueOf(node.Input(Slot.Query)), k = ValueOf(node.Input(Slot.Key)), v = ValueOf(node.Input(Slot.Value));
        var origin = node.Op == Op.CrossAttention ? KeyOrigin.Encoder
            : (AttentionMask)node.Attributes.Int32(Attr.Mask) == AttentionMask.Bidirectional ? KeyOrigin.Batch
            : KeyOrigin.Cache;
        var cache = origin == KeyOrigin.Cache ? CacheOf(node, k, v) : null;
        if (cache is not null) _keyBytes[node] = cache.BytesPerPosition(_request.CacheType);
        var after = ChainAfter(node, node.Op, out var last);
        var result = NewValue(last);
        Emit(new AttentionOperation(node, q, k, v, OptionalValue(node, Slot.Bias), OptionalValue(node, Slot.Sinks), result, origin, cache)
        {
            Stores = cache is not null && Here.StoredCaches.Add(cache.Name),
            After = after,
        });
        FinishChain(node, after, last, result);
    }

    private static CacheSpec CacheOf(Node node, PlanValue k, PlanValue v)
    {
        var name = node.Attributes.Int32(Attr.Layer).ToString(CultureInfo.InvariantCulture);
        return new CacheSpec(name, k.Heads, k.Width, v.Width, IsBeginningOf(node.Input(Slot.Value), node.Input(Slot.Key)));
    }

    /// <summary>Whether the values of attention are the first part of its keys, as in multi-head latent attention.</summary>
    internal static bool IsBeginningOf(Node values, Node keys)
    {
        return keys.Op == Op.Concat && keys.Inputs[0]!.Shape.Equals(values.Shape) && Unshaped(keys.Inputs[0]!) == Unshaped(values);

        static Node Unshaped(Node node)
        {
            while (node.Op is Op.Heads or Op.Flatten) node = node.Inputs[0]!;
            return node;
        }
    }
}
