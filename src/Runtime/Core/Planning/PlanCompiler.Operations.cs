using ArchGen.Cpu.Steps;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <content>The kernel of each operation, but for products and those that know sequences.</content>
internal sealed unsafe partial class PlanCompiler
{
    private void Schedule(Node node)
    {
        NumberChecks.Check(node);
        var attributes = node.Attributes;
        switch (node.Op)
        {
            case Op.GetRows: GetRows(node); break;
            case Op.Linear: Linear(node); break;
            case Op.HeadLinear: HeadLinear(node); break;
            case Op.ExpertLinear: ExpertLinear(node); break;
            case Op.RmsNorm or Op.LayerNorm or Op.L2Norm: Norm(node); break;
            case Op.Add: Binary<Add>(node); break;
            case Op.Subtract: Binary<Subtract>(node); break;
            case Op.Multiply: Binary<Multiply>(node); break;
            case Op.Divide: Binary<Divide>(node); break;
            case Op.Scale: Unary(node, new Scale(attributes.Single(Attr.Factor))); break;
            case Op.Affine: Unary(node, new Affine(attributes.Single(Attr.Factor), attributes.Single(Attr.Offset))); break;
            case Op.Clamp: Unary(node, new Clamp(attributes.Single(Attr.Min), attributes.Single(Attr.Max))); break;
            case Op.Silu: Unary(node, default(Silu)); break;
            case Op.Gelu: Unary(node, default(Gelu)); break;
            case Op.GeluTanh: Unary(node, default(GeluTanh)); break;
            case Op.GeluQuick: Unary(node, default(GeluQuick)); break;
            case Op.GeluTable: Unary(node, default(GeluTableLookup)); break;
            case Op.Relu: Unary(node, default(Relu)); break;
            case Op.ReluSquared: Unary(node, default(ReluSquared)); break;
            case Op.Sigmoid: Unary(node, default(Sigmoid)); break;
            case Op.Tanh: Unary(node, default(Tanh)); break;
            case Op.Softplus: Unary(node, default(Softplus)); break;
            case Op.Exp: Unary(node, default(Exp)); break;
            case Op.Heads or Op.Flatten or Op.Slice or Op.RepeatHeads: View(node); break;
            case Op.Concat: Concat(node); break;
            case Op.Softmax: RowWise(node, (rows, x, y) => new SoftmaxStep(node, rows, x, y)); break;
            case Op.Sum: RowWise(node, (rows, x, y) => new SumStep(node, rows, x, y)); break;
            case Op.TopK: RowWise(node, (rows, x, y) => new TopKStep(node, rows, x, y)); break;
            case Op.TopGroups:
                RowWise(node, (rows, x, y) => new TopGroupsStep(
                    node, rows, x, y, attributes.Int32(Attr.Groups), attributes.Int32(Attr.Count), attributes.Int32(Attr.Length)));
                break;
            case Op.Gather: RowWise(node, (rows, x, ids, y) => new GatherStep(node, rows, x, ids, y)); break;
            case Op.SparseMixer:
                RowWise(node, (rows, x, ids, y) => new SparseMixerStep(node, rows, x, ids, y, attributes.Single(Attr.Jitter)));
                break;
            case Op.WeightedSum: RowWise(node, (rows, x, weights, y) => new WeightedSumStep(node, rows, x, weights, y)); break;
            case Op.Rope: Rope(node); break;
            case Op.Temperature: Temperature(node); break;
            case Op.Attention: Attention(node); break;
            case Op.CrossAttention: CrossAttention(node); break;
            case Op.CausalConv: CausalConv(node); break;
            case Op.SelectiveScan: SelectiveScan(node); break;
            case Op.GatedDeltaRule: GatedDeltaRule(node); break;
            case Op.SelectOutputs:
                var (all, selected) = (ValueOf(node.Inputs[0]!), NewValue(node));
                Emit(node, RowDomain.Outputs, [all, selected], () => new SelectOutputsStep(node, all.View(), selected.View()));
                Finish(node, selected);
                break;
            default: throw new InvalidOperationException($"{node}: there is no kernel for this operation");
        }
    }

    private void RowWise(Node node, Func<RowCount, TensorView, TensorView, Step> make)
    {
        Value x = ValueOf(node.Inputs[0]!), y = NewValue(node);
        Emit(node, y.Rows.Domain, [x, y], () => make(y.Rows, x.View(), y.View()));
        Finish(node, y);
    }

    private void RowWise(Node node, Func<RowCount, TensorView, TensorView, TensorView, Step> make)
    {
        Value a = ValueOf(node.Inputs[0]!), b = ValueOf(node.Inputs[1]!), y = NewValue(node);
        Emit(node, y.Rows.Domain, [a, b, y], () => make(y.Rows, a.View(), b.View(), y.View()));
        Finish(node, y);
    }

    private void Unary<TOperation>(Node node, TOperation operation) where TOperation : struct, IUnary
    {
        var x = ValueOf(node.Inputs[0]!);
        var y = InPlace(node, x) ?? NewValue(node);
        Emit(node, y.Rows.Domain, [x, y], () => x.HasDenseRows
            ? new UnaryStep<TOperation>(node, y.Rows, x.View().Joined(), y.View().Joined(), operation)
            : new UnaryStep<TOperation>(node, y.Rows, x.View(), y.View(), operation));
        Finish(node, y);
    }

    private void Binary<TOperation>(Node node) where TOperation : struct, IBinary
    {
        Value a = ValueOf(node.Inputs[0]!), b = ValueOf(node.Inputs[1]!);
        var y = (a.Buffer == b.Buffer ? null : InPlace(node, a) ?? InPlace(node, b)) ?? NewValue(node);
        Emit(node, y.Rows.Domain, [a, b, y], () =>
        {
            TensorView left = Broadcast(a, node), right = Broadcast(b, node);
            var isDense = Covers(left, y) && Covers(right, y);
            return isDense
                ? new BinaryStep<TOperation>(node, y.Rows, left.Joined(), right.Joined(), y.View().Joined())
                : new BinaryStep<TOperation>(node, y.Rows, left, right, y.View());
        });
        Finish(node, y);
    }

    private static bool Covers(TensorView operand, Value y) =>
        operand.Heads == y.Heads && operand.Width == y.Width && operand.WidthStride == 1 && (y.Heads == 1 || operand.HeadStride == y.Width);

    /// <summary>An operand as it meets the elements of a result: dimensions aligned at the end, those of one element repeated.</summary>
    private static TensorView Broadcast(Value value, Node result)
    {
        var (_, heads, width) = DimsOf(result);
        var view = value.View();
        var hasRows = value.Rows.Domain != RowDomain.Constant || value.Rows.Constant > 1;
        return new TensorView(
            view.Data, heads, width, hasRows ? view.RowStride : 0, value.Heads == 1 ? 0 : view.HeadStride, value.Width == 1 && width > 1 ? 0 : 1);
    }

    private void Norm(Node node)
    {
        Value x = ValueOf(node.Inputs[0]!), y = NewValue(node);
        var weight = OptionalValue(node, 1);
        var bias = OptionalValue(node, 2);
        var epsilon = node.Attributes.Single(Attr.Epsilon);
        Emit(node, y.Rows.Domain, [x, y], () =>
        {
            TensorView? weightView = weight is null ? null : Broadcast(weight, node);
            TensorView? biasView = bias is null ? null : Broadcast(bias, node);
            return node.Op switch
            {
                Op.RmsNorm => new RmsNormStep(node, y.Rows, x.View(), weightView, y.View(), epsilon),
                Op.LayerNorm => new LayerNormStep(node, y.Rows, x.View(), weightView, biasView, y.View(), epsilon),
                _ => new L2NormStep(node, y.Rows, x.View(), y.View(), epsilon),
            };
        });
        Finish(node, y);
    }

    /// <summary>Heads, Flatten, Slice and RepeatHeads: other strides, the same elements.</summary>
    private void View(Node node)
    {
        var x = node.Op == Op.Flatten ? Dense(node.Inputs[0]!) : ValueOf(node.Inputs[0]!);
        if (node.Op == Op.Heads && node.Inputs[0]!.Shape.Rank > 2) throw new InvalidOperationException($"{node}: heads of heads are not supported");
        var (rows, heads, width) = DimsOf(node);
        Finish(node, node.Op switch
        {
            Op.Slice => x with { Offset = x.Offset + node.Attributes.Int32(Attr.Start), Heads = heads, Width = width },
            Op.RepeatHeads => x with { Heads = heads, Width = width, HeadStride = 0 },
            _ => x with { Rows = rows, Heads = heads, Width = width, HeadStride = width },
        });
    }

    private void Concat(Node node) => RowWise(node, (rows, a, b, y) => new ConcatStep(node, rows, a, b, y));
}
