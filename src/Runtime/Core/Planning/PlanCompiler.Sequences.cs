using ArchGen.Cpu.Steps;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <content>Operations that know positions and sequences.</content>
internal sealed unsafe partial class PlanCompiler
{
    private readonly Dictionary<(Attributes Numbers, Node? Factors), Buffer> _ropeTables = [];

    private void Rope(Node node)
    {
        var kind = (RopeKind)node.Attributes.Int32(Attr.Kind);
        if (kind == RopeKind.None)
        {
            Finish(node, ValueOf(node.Inputs[0]!));
            return;
        }

        var factors = node.Inputs.Count > 1 ? node.Inputs[1] : null;
        var factorValue = factors is null ? null : ValueOf(factors);
        // Kind and table are apart: the angles do not depend on which elements are paired.
        var numbers = new Attributes([.. node.Attributes.Values.ToArray().Where(v => v.Key != Attr.Kind)]);
        var pairs = node.Attributes.Int32(Attr.Dims) / 2;
        if (!_ropeTables.TryGetValue((numbers, factors), out var table))
        {
            _ropeTables[(numbers, factors)] = table = NewBuffer(2L * _limits.Tokens * pairs * sizeof(float));
            Emit(node, RowDomain.Tokens, [], () => new RopeTableStep(node, new RopeFrequencies(numbers, (float*)Address(factorValue)), table), table);
        }

        Value x = ValueOf(node.Inputs[0]!), y = InPlace(node, x) ?? NewValue(node);
        Emit(node, RowDomain.Tokens, [x, y], () => new RopeStep(node, x.View(), y.View(), kind, pairs, table), table);
        Finish(node, y);
    }

    private void Temperature(Node node)
    {
        Value x = ValueOf(node.Inputs[0]!), y = InPlace(node, x) ?? NewValue(node);
        Emit(node, RowDomain.Tokens, [x, y], () =>
            new TemperatureStep(node, x.View(), y.View(), node.Attributes.Single(Attr.Factor), node.Attributes.Int32(Attr.Length)));
        Finish(node, y);
    }

    private void Attention(Node node)
    {
        Value q = ValueOf(node.Inputs[0]!), k = ValueOf(node.Inputs[1]!), v = ValueOf(node.Inputs[2]!);
        var window = node.Attributes.Int32(Attr.Window);
        KeySource source;
        if ((AttentionMask)node.Attributes.Int32(Attr.Mask) == AttentionMask.Bidirectional)
        {
            source = new BatchKeys(window);
        }
        else
        {
            var layer = _sequences.Layer(node.Attributes.Int32(Attr.Layer), k.Heads, k.Width, v.Width, IsBeginningOf(node.Inputs[2]!, node.Inputs[1]!));
            source = new CachedKeys(_sequences.Cells, layer, window);
        }

        Attend(node, q, k, v, source);
    }

    private void CrossAttention(Node node) =>
        Attend(node, ValueOf(node.Inputs[0]!), ValueOf(node.Inputs[1]!), ValueOf(node.Inputs[2]!), new EncoderKeys());

    private void Attend(Node node, Value q, Value k, Value v, KeySource source)
    {
        var y = NewValue(node);
        _keyBytes[node] = source.BytesPerPosition(k.Heads, k.Width, v.Width);
        var buckets = node.Inputs.Count > 3 ? node.Inputs[3] : null;
        var bias = buckets is null ? null : ValueOf(buckets);
        var sinks = OptionalValue(node, 4);
        var partials = NewBuffer(AttentionStep.PartialElements(_pool.Threads, q.Width, v.Width) * sizeof(float));
        Emit(node, y.Rows.Domain, [q, k, v, y], () =>
        {
            var scores = new AttentionScores(
                node.Attributes, q.Heads, (float*)Address(bias), buckets is null ? 0 : Size(buckets, 0), (float*)Address(sinks));
            return new AttentionStep(node, q.View(), k.View(), v.View(), y.View(), scores, source, partials, _weights.Tier);
        }, partials);
        Finish(node, y);
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

    private void CausalConv(Node node)
    {
        Value x = ValueOf(node.Inputs[0]!), weight = ValueOf(node.Inputs[1]!), y = NewValue(node);
        var bias = OptionalValue(node, 2);
        var kernel = weight.Width;
        var transposed = NewValue(new RowCount(RowDomain.Constant, 1), kernel, y.Width);
        Emit(node, RowDomain.Constant, [weight, transposed], () => new TransposeStep(node, weight.View(), transposed.View()));
        var state = _sequences.State(node.Inputs[3]!.Name, (kernel - 1L) * y.Width);
        Emit(node, y.Rows.Domain, [x, y], () => new CausalConvStep(
            node, x.View(), transposed.View().Data, kernel, (float*)Address(bias), state, y.View()));
        Finish(node, y);
    }

    private void SelectiveScan(Node node)
    {
        Value x = ValueOf(node.Inputs[0]!), dt = ValueOf(node.Inputs[1]!), b = ValueOf(node.Inputs[3]!), c = ValueOf(node.Inputs[4]!), y = NewValue(node);
        var a = Dense(node.Inputs[2]!);
        var state = _sequences.State(node.Inputs[5]!.Name, (long)x.Heads * x.Width * b.Width);
        Emit(node, y.Rows.Domain, [x, dt, b, c, y], () => new SelectiveScanStep(
            node, x.View(), dt.View(), a.View().Data, b.View(), c.View(), state, y.View()));
        Finish(node, y);
    }

    private void GatedDeltaRule(Node node)
    {
        Value q = ValueOf(node.Inputs[0]!), k = ValueOf(node.Inputs[1]!), v = ValueOf(node.Inputs[2]!), y = NewValue(node);
        Value decay = ValueOf(node.Inputs[3]!), beta = ValueOf(node.Inputs[4]!);
        var state = _sequences.State(node.Inputs[5]!.Name, (long)v.Heads * v.Width * q.Width);
        Emit(node, y.Rows.Domain, [q, k, v, decay, beta, y], () => new GatedDeltaRuleStep(
            node, q.View(), k.View(), v.View(), decay.View(), beta.View(), state, y.View()));
        Finish(node, y);
    }
}
