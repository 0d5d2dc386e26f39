using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <content>Chains of elementwise operations, whose shaders are written when a plan needs them.</content>
internal sealed partial class StepCompiler
{
    /// <summary>The largest number of operands of a chain: as many as push constants have room for.</summary>
    public const int MaxChainOperands = 3;

    private ShaderStep Map(ChainOperation step)
    {
        var y = step.Result;
        var call = new ElementwiseCall([.. step.Operands.Select(operand => Broadcast(operand, y))], memory.View(y));
        var pipeline = Pipeline(
            ElementwiseKernel.Key(step.Chain, call.Layout), () => ElementwiseKernel.Write(step.Chain, call.Layout), GroupSize);
        return Shader(pipeline, call.Push, y.Rows, new Grid(y.ElementsPerRow, GroupSize));
    }
}
