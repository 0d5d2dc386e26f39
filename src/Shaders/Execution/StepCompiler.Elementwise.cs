using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <content>Chains of elementwise operations, whose shaders are written when a plan needs them.</content>
internal sealed partial class StepCompiler
{
    /// <summary>The largest number of operands of a chain: as many as push constants have room for.</summary>
    public const int MaxChainOperands = 3;

    /// <summary>Whether an operation's shaders have a function for what is applied to the result.</summary>
    public static bool AppliesChains(Op op) => 
        op is Op.Linear or Op.RmsNorm or Op.LayerNorm or Op.L2Norm or Op.Attention or Op.CrossAttention;

    /// <summary>A table for a shader: the address and the strides of each operand of a chain; 0 if there is no chain.</summary>
    private ulong DescribeOperands(ResultChain? chain, PlanValue result)
    {
        if (chain is null || chain.Operands.Count == 0) return 0;
        var entries = new ulong[2 * chain.Operands.Count];
        for (var i = 0; i < chain.Operands.Count; i++)
        {
            var view = Broadcast(chain.Operands[i], result);
            entries[2 * i] = view.Address;
            entries[(2 * i) + 1] = checked((uint)view.RowStride) | ((ulong)(uint)view.WidthStride << 32);
        }

        return Upload<ulong>(entries);
    }

    /// <summary>A pipeline whose shader applies a chain to its results; without one, as the shader is.</summary>
    private DevicePipeline PipelineWith(Chain? chain, string shader, uint[] constants, uint subgroupSize = 0)
    {
        if (chain is null) return PipelineOfSubgroups(subgroupSize, shader, () => ShaderPack.Current.Words(shader), constants);
        return PipelineOfSubgroups(subgroupSize, $"{shader}, {chain.Key}", Filled, constants);

        uint[] Filled()
        {
            var module = new SpirvModule(ShaderPack.Current.Words(shader));
            ChainHole.Fill(module, "after", chain);
            return module.ToWords();
        }
    }

    private ShaderStep Map(ChainOperation step)
    {
        var y = step.Result;
        var call = new ElementwiseCall([.. step.Operands.Select(operand => Broadcast(operand, y))], memory.View(y));
        var pipeline = Pipeline(
            ElementwiseKernel.Key(step.Chain, call.Layout), () => ElementwiseKernel.Write(step.Chain, call.Layout), GroupSize);
        return Shader(pipeline, call.Push, y.Rows, new Grid(y.ElementsPerRow, GroupSize));
    }
}
