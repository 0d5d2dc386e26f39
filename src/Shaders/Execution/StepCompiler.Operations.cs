using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>Operations of one node.</content>
internal sealed partial class StepCompiler
{
    private static bool HasShader(Op op) => ElementwiseOp.Is(op) || op is Op.RmsNorm or Op.LayerNorm or Op.L2Norm or Op.Rope or Op.Concat or Op.SelectOutputs
        or Op.Softmax or Op.Sum or Op.TopK or Op.TopGroups or Op.Gather or Op.SparseMixer or Op.WeightedSum
        or Op.GetRows or Op.Linear or Op.HeadLinear or Op.ExpertLinear or Op.CausalConv or Op.SelectiveScan or Op.GatedDeltaRule
        or Op.Attention or Op.CrossAttention or Op.Temperature;

    private IEnumerable<DeviceStep> Operate(Operation step) => step.Node.Op switch
    {
        Op.RmsNorm or Op.LayerNorm or Op.L2Norm => [Normalize(step)],
        Op.Softmax or Op.Sum => [Reduce(step)],
        Op.TopK or Op.TopGroups => [Choose(step)],
        Op.Gather or Op.SparseMixer or Op.WeightedSum => [Mix(step)],
        Op.CausalConv => Convolve(step),
        Op.SelectiveScan => [Scan(step)],
        Op.GatedDeltaRule => [Delta(step)],
        Op.Temperature => [Temper(step)],
        Op.Concat => Concat(step),
        Op.SelectOutputs => [CopyRows(memory.View(step.Operands[0]!), memory.View(step.Result), step.Result.Rows, ofOutputs: true)],
        _ => throw new InvalidOperationException($"{step.Node}: there is no shader for this operation"),
    };

    private ShaderStep Normalize(Operation step)
    {
        var y = step.Result;
        ValueView? weight = step.Find(Slot.Weight) is { } w ? Broadcast(w, y) : null;
        ValueView? bias = step.Find(Slot.Bias) is { } b ? Broadcast(b, y) : null;
        var kind = step.Node.Op switch { Op.RmsNorm => 0u, Op.LayerNorm => 1u, _ => 2u };
        var push = new PushConstants().Add(y.Heads).Add(y.Width).Add(step.Node.Attributes.Single(Attr.Epsilon))
            .Add(memory.View(step[Slot.X])).Add(memory.View(y)).Add(weight).Add(bias).Add(weight?.WidthStride ?? 0).Add(bias?.WidthStride ?? 0);
        var (hole, operands) = After(step.After, y);
        return Shader(PipelineWith([hole], "norm", [GroupSize, kind]), push.Add(operands), y.Rows, new Grid(y.Heads));
    }

    /// <summary>An operand as it meets the elements of a result: dimensions aligned at the end, those of one element repeated.</summary>
    private ValueView Broadcast(PlanValue value, PlanValue result)
    {
        var view = memory.View(value);
        var hasRows = value.Rows.Domain != RowDomain.Constant || value.Rows.Constant > 1;
        return new ValueView(
            view.Address, result.Heads, result.Width, hasRows ? view.RowStride : 0, value.Heads == 1 ? 0 : view.HeadStride,
            value.Width == 1 && result.Width > 1 ? 0 : 1);
    }
}
