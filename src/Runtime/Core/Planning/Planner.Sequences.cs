using System.Globalization;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Planning;

/// <content>Operations that know positions and sequences.</content>
internal sealed partial class Planner
{
    private readonly Dictionary<(Attributes Numbers, Node? Factors, int Backend), RotaryTable> _rotaryTables = [];

    private readonly HashSet<(string Cache, int Backend)> _stored = [];

    private void Rope(Node node)
    {
        var x = node.Input(Slot.X);
        if ((RopeKind)node.Attributes.Int32(Attr.Kind) == RopeKind.None)
        {
            Finish(node, ValueOf(x));
            return;
        }

        var factors = node.Find(Slot.Factors);
        var numbers = new Attributes([.. node.Attributes.Values.ToArray().Where(v => v.Key != Attr.Kind)]);
        if (!_rotaryTables.TryGetValue((numbers, factors, _backend), out var table))
        {
            table = Emit(new RotaryTable(node, numbers, factors is null ? null : ValueOf(factors)));
            _rotaryTables[(numbers, factors, _backend)] = table;
        }

        var value = ValueOf(x);
        var result = InPlace(node, value) ?? NewValue(node);
        Emit(new Rotation(node, table, value, result));
        Finish(node, result);
    }

    private void Attention(Node node)
    {
        PlanValue q = ValueOf(node.Input(Slot.Query)), k = ValueOf(node.Input(Slot.Key)), v = ValueOf(node.Input(Slot.Value));
        var origin = node.Op == Op.CrossAttention ? KeyOrigin.Encoder
            : (AttentionMask)node.Attributes.Int32(Attr.Mask) == AttentionMask.Bidirectional ? KeyOrigin.Batch
            : KeyOrigin.Cache;
        var cache = origin == KeyOrigin.Cache ? CacheOf(node, k, v) : null;
        if (cache is not null) _keyBytes[node] = cache.BytesPerPosition(_request.CacheType);
        var result = NewValue(node);
        Emit(new AttentionOperation(node, q, k, v, OptionalValue(node, Slot.Bias), OptionalValue(node, Slot.Sinks), result, origin, cache)
        {
            Stores = cache is not null && _stored.Add((cache.Name, _backend)),
        });
        Finish(node, result);
    }

    private static CacheSpec CacheOf(Node node, PlanValue k, PlanValue v)
    {
        var name = node.Attributes.Int32(Attr.Layer).ToString(CultureInfo.InvariantCulture);
        return new CacheSpec(name, k.Heads, k.Width, v.Width, IsBeginningOf(node.Input(Slot.Value), node.Input(Slot.Key)));
    }

    /// <summary>Whether the values of attention are the first part of its keys, as in multi-head latent attention.</summary>
    private static bool IsBeginningOf(Node values, Node keys)
    {
        return keys.Op == Op.Concat && keys.Inputs[0]!.Shape.Equals(values.Shape) && Unshaped(keys.Inputs[0]!) == Unshaped(values);

        static Node Unshaped(Node node)
        {
            while (node.Op is Op.Heads or Op.Flatten) node = node.Inputs[0]!;
            return node;
        }
    }
}
