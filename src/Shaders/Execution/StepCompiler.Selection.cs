using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>Reductions of rows, and choosing among their elements.</content>
internal sealed partial class StepCompiler
{
    private ShaderStep Reduce(Operation step)
    {
        ValueView x = memory.View(step.Operands[0]!), y = memory.View(step.Result);
        var (hole, operands) = After(step.After, step.Result);
        var push = new PushConstants().Add(x.Heads).Add(x.Width).Add(x).Add(y).Add(operands);
        return Shader(PipelineWith([hole], "rows", [GroupSize, step.Node.Op == Op.Softmax ? 0u : 1u]), push, step.Result.Rows, new Grid(x.Heads));
    }

    private ShaderStep Choose(Operation step)
    {
        ValueView x = memory.View(step.Operands[0]!), y = memory.View(step.Result);
        var attributes = step.Node.Attributes;
        var isOfGroups = step.Node.Op == Op.TopGroups;
        var (groups, largest) = isOfGroups ? (attributes.Int32(Attr.Groups), attributes.Int32(Attr.Length)) : (1, 1);
        var push = new PushConstants().Add(x.Width).Add(attributes.Int32(Attr.Count)).Add(groups).Add(largest).Add(x).Add(y);
        return Shader(Pipeline("choose", GroupSize, isOfGroups ? 1u : 0u), push, step.Result.Rows, new Grid(1));
    }

    private ShaderStep Mix(Operation step)
    {
        ValueView x = memory.View(step.Operands[0]!), y = memory.View(step.Result);
        var (kind, count) = step.Node.Op switch { Op.Gather => (0u, x.Width), Op.SparseMixer => (1u, x.Width), _ => (2u, x.Heads) };
        var jitter = step.Node.Op == Op.SparseMixer ? step.Node.Attributes.Single(Attr.Jitter) : 0;
        var (hole, operands) = After(step.After, step.Result);
        var push = new PushConstants().Add(y.Width).Add(count).Add(jitter).Add(x).Add(memory.View(step.Operands[1]!)).Add(y).Add(operands);
        return Shader(PipelineWith([hole], "mix", [GroupSize, kind]), push, step.Result.Rows, new Grid(y.Width, GroupSize));
    }
}
