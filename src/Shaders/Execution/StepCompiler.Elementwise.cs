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
    public static bool AppliesChains(Op op) => op is Op.Linear or Op.HeadLinear or Op.ExpertLinear or Op.GetRows or Op.RmsNorm or Op.LayerNorm or Op.L2Norm
        or Op.Softmax or Op.Sum or Op.Gather or Op.SparseMixer or Op.WeightedSum or Op.Rope or Op.Attention or Op.CrossAttention or Op.CausalConv
        or Op.SelectiveScan;

    /// <summary>
    /// A chain as shaders apply it to a result: the function that it is written into, and the address of a table of its other operands, 0 if it has none.
    /// The rows of a shader are the heads of all rows.
    /// </summary>
    private (ChainHole? Hole, ulong Operands) After(ResultChain? chain, PlanValue result, string function = "after")
    {
        if (chain is null) return (null, 0);
        var views = chain.Operands.Select(operand => Broadcast(operand, result)).ToArray();
        // Operands whose heads are evenly spaced need no division.
        var heads = Array.TrueForAll(views, v => v.RowStride == (long)result.Heads * v.HeadStride) ? 1 : result.Heads;
        var entries = new ulong[3 * views.Length];
        for (var i = 0; i < views.Length; i++)
        {
            var view = views[i];
            var rowStride = result.Heads > 1 && heads == 1 ? view.HeadStride : view.RowStride;
            entries[3 * i] = view.Address;
            entries[(3 * i) + 1] = checked((uint)rowStride) | ((ulong)checked((uint)view.HeadStride) << 32);
            entries[(3 * i) + 2] = (uint)view.WidthStride;
        }

        return (new ChainHole(function, chain.Chain, heads), entries.Length == 0 ? 0 : Upload<ulong>(entries));
    }

    /// <summary>A pipeline whose shader has chains written into its functions; without any, as the shader is.</summary>
    private DevicePipeline PipelineWith(IEnumerable<ChainHole?> holes, string shader, uint[] constants, uint subgroupSize = 0)
    {
        ChainHole[] filled = [.. holes.OfType<ChainHole>()];
        return PipelineOfSubgroups(subgroupSize, string.Join(", ", filled.Select(hole => hole.Key).Prepend(shader)), Words, constants);

        uint[] Words()
        {
            var words = ShaderPack.Current.Words(shader);
            if (filled.Length == 0) return words;
            var module = new SpirvModule(words);
            foreach (var hole in filled) hole.Fill(module);
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
