using ArchGen.Cpu.Steps;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <content>The kernels of the operations, except products and operations on sequences.</content>
internal sealed unsafe partial class StepCompiler
{
    private Step Operate(Operation step)
    {
        var (op, attributes) = (step.Node.Op, step.Node.Attributes);
        if (ElementwiseOp.Is(op)) return ElementwiseOp.Visit<ElementwiseCompiler, Step>(op, attributes, new ElementwiseCompiler(this, step));
        return op switch
        {
            Op.RmsNorm or Op.LayerNorm or Op.L2Norm => Normalize(step),
            Op.Temperature or Op.CausalConv or Op.SelectiveScan or Op.GatedDeltaRule => Carry(step),
            _ => Select(step),
        };
    }

    private Step Select(Operation step)
    {
        var (node, attributes, rows) = (step.Node, step.Node.Attributes, step.Result.Rows);
        TensorView x = memory.View(step.Operands[0]!), y = memory.View(step.Result);
        return node.Op switch
        {
            Op.Concat => new ConcatStep(node, rows, x, Second(step), y),
            Op.Softmax => new SoftmaxStep(node, rows, x, y),
            Op.Sum => new SumStep(node, rows, x, y),
            Op.TopK => new TopKStep(node, rows, x, y),
            Op.TopGroups => new TopGroupsStep(node, rows, x, y, attributes.Int32(Attr.Groups), attributes.Int32(Attr.Count), attributes.Int32(Attr.Length)),
            Op.Gather => new GatherStep(node, rows, x, Second(step), y),
            Op.SparseMixer => new SparseMixerStep(node, rows, x, Second(step), y, attributes.Single(Attr.Jitter)),
            Op.WeightedSum => new WeightedSumStep(node, rows, x, Second(step), y),
            Op.SelectOutputs => new SelectOutputsStep(node, x, y),
            _ => throw new InvalidOperationException($"{node}: there is no kernel for this operation"),
        };
    }

    private TensorView Second(Operation step) => memory.View(step.Operands[1]!);

    private UnaryStep<TOperation> Unary<TOperation>(Operation step, TOperation operation) where TOperation : struct, IUnary
    {
        var (x, y) = (memory.View(step.Operands[0]!), memory.View(step.Result));
        return step.Operands[0]!.HasDenseRows
            ? new UnaryStep<TOperation>(step.Node, step.Result.Rows, x.Joined(), y.Joined(), operation)
            : new UnaryStep<TOperation>(step.Node, step.Result.Rows, x, y, operation);
    }

    private BinaryStep<TOperation> Binary<TOperation>(Operation step) where TOperation : struct, IBinary
    {
        var y = step.Result;
        TensorView left = Broadcast(step.Operands[0]!, y), right = Broadcast(step.Operands[1]!, y);
        return Covers(left, y) && Covers(right, y)
            ? new BinaryStep<TOperation>(step.Node, y.Rows, left.Joined(), right.Joined(), memory.View(y).Joined())
            : new BinaryStep<TOperation>(step.Node, y.Rows, left, right, memory.View(y));
    }

    private static bool Covers(TensorView operand, PlanValue y) =>
        operand.Heads == y.Heads && operand.Width == y.Width && operand.WidthStride == 1 && (y.Heads == 1 || operand.HeadStride == y.Width);

    /// <summary>An operand broadcast to the shape of a result: dimensions aligned at the end, those of one element repeated.</summary>
    private TensorView Broadcast(PlanValue value, PlanValue result)
    {
        var view = memory.View(value);
        var hasRows = value.Rows.Domain != RowDomain.Constant || value.Rows.Constant > 1;
        return new TensorView(
            view.Data, result.Heads, result.Width, hasRows ? view.RowStride : 0, value.Heads == 1 ? 0 : view.HeadStride,
            value.Width == 1 && result.Width > 1 ? 0 : 1);
    }

    private Step Normalize(Operation step)
    {
        var (node, y) = (step.Node, step.Result);
        TensorView? weight = step.Find(Slot.Weight) is { } w ? Broadcast(w, y) : null;
        TensorView? bias = step.Find(Slot.Bias) is { } b ? Broadcast(b, y) : null;
        TensorView x = memory.View(step[Slot.X]), result = memory.View(y);
        var epsilon = node.Attributes.Single(Attr.Epsilon);
        return node.Op switch
        {
            Op.RmsNorm => new RmsNormStep(node, y.Rows, x, weight, result, epsilon),
            Op.LayerNorm => new LayerNormStep(node, y.Rows, x, weight, bias, result, epsilon),
            _ => new L2NormStep(node, y.Rows, x, result, epsilon),
        };
    }

    private readonly struct ElementwiseCompiler(StepCompiler compiler, Operation step) : IElementwiseVisitor<Step>
    {
        public Step Unary<TOperation>(TOperation operation) where TOperation : struct, IUnary => compiler.Unary(step, operation);

        public Step Binary<TOperation>() where TOperation : struct, IBinary => compiler.Binary<TOperation>(step);
    }
}
