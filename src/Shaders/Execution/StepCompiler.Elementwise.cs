using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <content>Operations on each element by itself: their shaders are written for the chain.</content>
internal sealed partial class StepCompiler
{
    private ShaderStep Map(Operation step)
    {
        var (chain, y) = (new Chain([step.Node]), step.Result);
        // An operand that is given twice is one of the chain.
        var values = chain.Operands.Select(node => step.Operands[step.Node.Inputs.ToList().FindIndex(n => ReferenceEquals(n, node))]!);
        var call = new ElementwiseCall([.. values.Select(v => Broadcast(v, y))], memory.View(y));
        var pipeline = session.Device.Pipelines.Get(
            ElementwiseKernel.Key(chain, call.Layout), () => ElementwiseKernel.Write(chain, call.Layout), GroupSize);
        return Shader(pipeline, call.Push, y.Rows, new Grid(y.ElementsPerRow, GroupSize));
    }
}
